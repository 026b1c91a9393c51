import { DISCONNECTED } from './explain';
import { WxError } from './wx-error';

/** What `wx.request` takes. An address that begins with `/` is one of the service under development. */
export interface RequestOptions {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  data?: unknown;
  header?: Readonly<Record<string, string>>;
  /** Milliseconds; WeChat's own default when left out. */
  timeout?: number;
}

/** What it gives: whatever the status, an answer is a success. */
export interface RequestResult {
  statusCode: number;
  data: unknown;
  header: Record<string, string>;
}

/** One call as the panel shows it. */
export interface RequestRecord {
  id: number;
  /** When it was sent, real epoch milliseconds. */
  at: number;
  method: string;
  url: string;
  /** Without host and parameters. */
  path: string;
  /** HTTP status; 0 while it runs and when there was no answer. */
  status: number;
  ms: number;
  running: boolean;
  /** What was sent, with secrets masked. */
  header: Record<string, string>;
  sent: string;
  received: string;
  requestId: string;
  /** Why there was no answer. */
  failure: string;
}

export interface RequestDeps {
  fetch: typeof fetch;
  /** Milliseconds that only go forward. */
  clock: () => number;
  now: () => number;
  /** Whether this device has a network at all. */
  online: () => boolean;
  /** Where the service is. */
  service: string | null;
  /** Called when the call begins and when it is over. */
  report(record: RequestRecord): void;
  nextId: number;
}

const TIMEOUT = 60_000;

/** Sends a call as a mini program does: no cookies, JSON unless said otherwise. */
export async function sendRequest(deps: RequestDeps, options: RequestOptions): Promise<RequestResult> {
  const url = address(deps.service, options.url);
  const method = options.method ?? 'GET';
  const header = { 'content-type': 'application/json', ...lower(options.header ?? {}) };
  const sent = method === 'GET' || options.data === undefined ? '' : JSON.stringify(options.data);
  const begun = deps.clock();
  const record: RequestRecord = {
    id: deps.nextId,
    at: deps.now(),
    method,
    url,
    path: new URL(url).pathname,
    status: 0,
    ms: 0,
    running: true,
    header: masked(header),
    sent,
    received: '',
    requestId: '',
    failure: '',
  };
  deps.report(record);
  const end = (changes: Partial<RequestRecord>) =>
    deps.report({ ...record, running: false, ms: Math.round(deps.clock() - begun), ...changes });
  try {
    const signal = AbortSignal.timeout(options.timeout ?? TIMEOUT);
    const body = sent === '' ? {} : { body: sent };
    const response = await deps.fetch(url, { method, headers: header, credentials: 'omit', signal, ...body });
    const received = await response.text();
    const requestId = response.headers.get('x-request-id') ?? '';
    end({ status: response.status, received, requestId });
    return {
      statusCode: response.status,
      data: json(received),
      header: Object.fromEntries(response.headers.entries()),
    };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    const failure = late ? 'timeout' : deps.online() ? 'connection failed' : DISCONNECTED;
    end({ failure });
    throw new WxError(`request:fail ${failure}`, failure === 'timeout' ? 5 : 600001);
  }
}

function address(service: string | null, url: string): string {
  const whole = url.startsWith('/') ? `${(service ?? '').replace(/\/+$/, '')}${url}` : url;
  try {
    const { protocol, href } = new URL(whole);
    if (protocol === 'http:' || protocol === 'https:') return href;
  } catch {
    // Told below.
  }
  throw new WxError('request:fail invalid url');
}

const lower = (header: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]));

/** A session is somebody's key: enough of it is shown to tell two apart. */
function masked(header: Record<string, string>): Record<string, string> {
  const { authorization } = header;
  return authorization === undefined
    ? header
    : { ...header, authorization: `${authorization.slice(0, 12)}…${authorization.slice(-4)}` };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
