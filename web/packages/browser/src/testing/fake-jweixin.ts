import type { JWeixin } from '../context';

/** WeChat's JS-SDK as pages meet it: `error` first, then `ready`, also when the verification failed. */
export class FakeJweixin implements JWeixin {
  readonly configs: Record<string, unknown>[] = [];
  readonly cards: Record<string, Record<string, unknown>> = {};
  verdict: unknown = null;
  shareFailure: unknown = null;
  silent = false;
  private failed: (result: unknown) => void = () => {};

  config(options: Record<string, unknown>): void {
    this.configs.push(options);
  }
  error(failed: (result: unknown) => void): void {
    this.failed = failed;
  }
  ready(done: () => void): void {
    if (this.silent) return;
    if (this.verdict) this.failed(this.verdict);
    done();
  }
  updateAppMessageShareData = (options: Record<string, unknown>): void =>
    this.set('updateAppMessageShareData', options);
  updateTimelineShareData = (options: Record<string, unknown>): void =>
    this.set('updateTimelineShareData', options);

  private set(name: string, { success, fail, ...card }: Record<string, unknown>): void {
    if (this.silent) return;
    if (this.shareFailure && name === 'updateTimelineShareData')
      (fail as (result: unknown) => void)(this.shareFailure);
    else {
      this.cards[name] = card;
      (success as () => void)();
    }
  }
}
