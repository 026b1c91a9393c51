/** What a call of `wx` fails with: WeChat's text, and its number where there is one. */
export class WxError extends Error {
  override readonly name = 'WxError';
  constructor(
    readonly errMsg: string,
    readonly errCode?: number,
  ) {
    super(errMsg);
  }
}
