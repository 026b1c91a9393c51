import type { Context } from '../context';
import type { Exchange } from '../types';
import { type FailureEnvelope, identifyApiError } from './identify-api-error';
import { loadToken } from './session-store';
import { WeiqiaoError } from './weiqiao-error';

/** What to ask. Query values that are undefined are left out. */
export interface RequestSpec {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  /** The answer has no envelope: a success is its data, a failure `{ error, errcode }`. */
  bare?: boolean;
  /**
   * Whose session this is about, when not the one kept here: that of a token, without any cookie, so that the answer touches
   * none; or, with null, the cookie's, without the token kept here.
   */
  bearer?: string | null;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** Sends one request and returns the envelope's `data`; everything else becomes a `WeiqiaoError`. */
export async function request<T>(context: Context, spec: RequestSpec): Promise<T> {
  const account = spec.bare ? undefined : context.options.account;
  const path = withQuery(spec.path, { ...spec.query, account });
  const exchange: Exchange = { method: spec.method, path, status: 0, durationMs: 0 };
  if (spec.body !== undefined) exchange.requestBody = spec.body;
  const started = context.window.performance.now();
  try {
    return await send<T>(context, spec, exchange);
  } finally {
    exchange.durationMs = Math.round(context.window.performance.now() - started);
    context.options.onExchange?.(exchange);
  }
}

async function send<T>(context: Context, spec: RequestSpec, exchange: Exchange): Promise<T> {
  const abort = new AbortController();
  const timer = context.window.setTimeout(
    () => abort.abort(),
    context.options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  );
  try {
    const response = await context.window.fetch(
      (context.options.baseUrl ?? '').replace(/\/+$/, '') + exchange.path,
      {
        method: spec.method,
        headers: headersOf(context, spec),
        credentials: spec.bearer ? 'omit' : (context.options.credentials ?? 'include'),
        cache: 'no-store',
        signal: abort.signal,
        ...(spec.body === undefined ? {} : { body: JSON.stringify(spec.body) }),
      },
    );
    exchange.status = response.status;
    const requestId = response.headers.get('x-request-id');
    if (requestId) exchange.requestId = requestId;
    const body = parseObject(await response.text(), exchange);
    exchange.responseBody = body;
    if (spec.bare) {
      if (response.ok) return body as T;
      throw identifyApiError(response.status, enveloped(body), response.headers.get('retry-after'));
    }
    if (!response.ok || body.success !== true) {
      throw identifyApiError(response.status, body, response.headers.get('retry-after'));
    }
    return body.data as T;
  } catch (error) {
    if (error instanceof WeiqiaoError) throw error;
    if (abort.signal.aborted)
      throw new WeiqiaoError('TIMEOUT', '服务没有在时限内回答，请稍后再试', {}, error);
    throw new WeiqiaoError('NETWORK_FAILED', '网络不通，或服务没有允许这个页面跨域访问', {}, error);
  } finally {
    context.window.clearTimeout(timer);
  }
}

/** A failure of the login instances in the shape of all others. */
function enveloped(body: object): FailureEnvelope {
  const { error, errcode, hint } = body as { error?: unknown; errcode?: unknown; hint?: unknown };
  return { message: error, error: { errcode, hint } };
}

function headersOf(context: Context, spec: RequestSpec): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (spec.body !== undefined) headers['content-type'] = 'application/json';
  const kept = context.options.session === 'token' ? loadToken(context.store) : null;
  const token = spec.bearer === undefined ? kept : spec.bearer;
  if (token) headers.authorization = `Bearer ${token}`;
  return headers;
}

function parseObject(
  text: string,
  exchange: Exchange,
): FailureEnvelope & { success?: unknown; data?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badResponse(exchange, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badResponse(exchange);
  return value;
}

function badResponse(exchange: Exchange, cause?: unknown): WeiqiaoError {
  const details = exchange.requestId
    ? { status: exchange.status, requestId: exchange.requestId }
    : { status: exchange.status };
  // A gateway in front of the service answers HTML when the service is away.
  const code =
    exchange.status === 502 || exchange.status === 503 || exchange.status === 504
      ? 'SERVICE_UNAVAILABLE'
      : 'BAD_RESPONSE';
  return new WeiqiaoError(
    code,
    `服务的回答不是 JSON (HTTP ${exchange.status})，请检查 baseUrl 与网关`,
    details,
    cause,
  );
}

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
