/**
 * Whether this is WeChat's own browser. WeCom (企业微信) also says MicroMessenger, but logs in by other rules, so it
 * does not count.
 */
export function isWechatBrowser(userAgent: string): boolean {
  return /MicroMessenger/i.test(userAgent) && !/wxwork/i.test(userAgent);
}
