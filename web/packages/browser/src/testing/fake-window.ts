import type { BrowserWindow, JWeixin } from '../context';
import type { KeyValueStorage, UserInfo } from '../types';

export const DESKTOP_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
export const ANDROID_WECHAT =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0.50';
export const IPHONE_WECHAT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.50';

export function aUser(changes: Partial<UserInfo> = {}): UserInfo {
  return {
    openid: 'o-xiaoming',
    nickname: '小明',
    headimgurl: '',
    sex: 1,
    language: 'zh_CN',
    country: '',
    province: '',
    city: '',
    privilege: [],
    login_time: 1757062690,
    expires_at: 1757149090,
    ...changes,
  };
}

/** What the fake service answers: a status with a JSON body, raw text, or nothing at all. */
export type Answer =
  | { status: number; body: unknown }
  | { status: number; text: string }
  | 'offline'
  | 'hangs';

export function success(data: unknown): Answer {
  return { status: 200, body: { success: true, code: 200, message: 'success', data, timestamp: 0 } };
}

export function failure(status: number, message: string, error: Record<string, unknown> = {}): Answer {
  return {
    status,
    body: { success: false, code: status, message, error, timestamp: 0, request_id: 'req-1' },
  };
}

export class FakeStorage implements KeyValueStorage {
  readonly values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
}

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

interface SeenRequest {
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  credentials?: RequestCredentials;
  body?: unknown;
}

/** A browser window small enough to look through: one page, a service that answers as told, timers fired by hand. */
export class FakeWindow implements BrowserWindow {
  readonly requests: SeenRequest[] = [];
  readonly left: string[] = [];
  readonly scripts: string[] = [];
  readonly localStorage = new FakeStorage();
  readonly sessionStorage = new FakeStorage();
  /** Runs the script; false when it cannot be loaded. */
  onScript: (url: string) => boolean = () => true;
  wx?: JWeixin;
  jWeixin?: JWeixin;
  readonly navigator;
  readonly location;
  readonly history;
  readonly performance;
  readonly document;
  private readonly answers = new Map<string, Answer>();
  private readonly timers = new Map<number, { run: () => void; ms: number }>();
  private waiting: { ms: number; found: () => void }[] = [];

  constructor(href: string, userAgent = DESKTOP_CHROME) {
    this.navigator = { userAgent, maxTouchPoints: 0 };
    this.location = { href, assign: (url: string) => void this.left.push(url) };
    this.history = {
      state: null as unknown,
      replaceState: (state: unknown, _unused: string, url: string) => {
        this.history.state = state;
        this.location.href = url;
      },
    };
    this.performance = { now: () => 0, getEntriesByType: (_type: string) => [{ name: href }] };
    this.document = this.fakeDocument();
  }

  answer(call: string, answer: Answer): void {
    this.answers.set(call, answer);
  }

  navigateWithoutLoading(href: string): void {
    this.location.href = href;
  }

  readonly fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const [path = '', query = ''] = String(input).split('?');
    this.requests.push({
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: init.headers as Record<string, string>,
      ...(init.credentials ? { credentials: init.credentials } : {}),
      ...(init.body ? { body: JSON.parse(String(init.body)) as unknown } : {}),
    });
    const answer = this.answers.get(`${init.method ?? 'GET'} ${path}`);
    if (answer === undefined || answer === 'offline') throw new TypeError('fetch failed');
    if (answer === 'hangs') {
      return new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
    }
    const text = 'text' in answer ? answer.text : JSON.stringify(answer.body);
    return new Response(text, { status: answer.status, headers: { 'x-request-id': 'req-1' } });
  };

  setTimeout(run: () => void, ms: number): number {
    const id = this.timers.size + 1;
    this.timers.set(id, { run, ms });
    for (const waiter of this.waiting.filter((one) => one.ms === ms)) waiter.found();
    return id;
  }

  clearTimeout(id: number | undefined): void {
    if (id !== undefined) this.timers.delete(id);
  }

  /** Resolves as soon as somebody waits for this long. */
  untilTimer(ms: number): Promise<void> {
    if ([...this.timers.values()].some((timer) => timer.ms === ms)) return Promise.resolve();
    return new Promise((found) => this.waiting.push({ ms, found }));
  }

  fireTimer(ms: number): void {
    for (const timer of [...this.timers.values()].filter((one) => one.ms === ms)) timer.run();
  }

  private fakeDocument(): Pick<Document, 'createElement' | 'head'> {
    const createElement = () => ({
      src: '',
      async: false,
      onload: () => {},
      onerror: () => {},
      remove: () => {},
    });
    const append = (script: ReturnType<typeof createElement>) => {
      this.scripts.push(script.src);
      const loaded = this.onScript(script.src);
      queueMicrotask(() => (loaded ? script.onload() : script.onerror()));
    };
    return { createElement, head: { append } } as unknown as Pick<Document, 'createElement' | 'head'>;
  }
}
