import type { BrowserWindow, JWeixin } from '../context';
import type { KeyValueStorage } from '../types';
import { type Answer, DESKTOP_CHROME } from './samples';

export class FakeStorage implements KeyValueStorage {
  readonly values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
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
