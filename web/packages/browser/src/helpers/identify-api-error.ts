import { WeiqiaoError, type WeiqiaoErrorCode, type WeiqiaoErrorDetails } from './weiqiao-error';

/** The service's error words that call for another step than their HTTP status would. */
const SERVER_CODES: ReadonlyMap<string, WeiqiaoErrorCode> = new Map([
  ['STATE_REQUIRED', 'STATE_MISMATCH'],
  ['STATE_INVALID', 'STATE_MISMATCH'],
  ['CODE_ALREADY_USED', 'CODE_USED'],
  ['LOGIN_INTERRUPTED', 'CODE_USED'],
  ['SNAPSHOT_USER', 'SNAPSHOT_USER'],
  ['REDIRECT_NOT_ALLOWED', 'REDIRECT_NOT_ALLOWED'],
  ['JS_URL_NOT_ALLOWED', 'JSSDK_INVALID_DOMAIN'],
  // With an errcode these are refusals; without one no answer of WeChat's arrived.
  ['WECHAT_LOGIN_FAILED', 'WECHAT_UNREACHABLE'],
  ['GET_USER_INFO_FAILED', 'WECHAT_UNREACHABLE'],
  ['WECHAT_API_FAILED', 'WECHAT_UNREACHABLE'],
]);

/** The failure half of the service's envelope, as far as this SDK reads it. */
export interface FailureEnvelope {
  message?: unknown;
  request_id?: unknown;
  error?: {
    code?: unknown;
    details?: unknown;
    errcode?: unknown;
    errmsg?: unknown;
    rid?: unknown;
    hint?: unknown;
    retryable?: unknown;
  } | null;
}

/** Turns a refusal of the service into the one error class. `retryAfter` is the header's text, if any. */
export function identifyApiError(
  status: number,
  body: FailureEnvelope,
  retryAfter?: string | null,
): WeiqiaoError {
  const details = readDetails(status, body, retryAfter);
  const message =
    typeof body.message === 'string' && body.message ? body.message : `请求失败 (HTTP ${status})`;
  return new WeiqiaoError(identifyCode(status, details), message, details);
}

function identifyCode(status: number, details: WeiqiaoErrorDetails): WeiqiaoErrorCode {
  // WeChat's own verdict says more than the HTTP status around it.
  if (details.errcode === 40029 || details.errcode === 42003) return 'CODE_INVALID';
  if (details.errcode === 40163) return 'CODE_USED';
  if (details.errcode !== undefined) return 'WECHAT_REFUSED';
  const known = SERVER_CODES.get(details.serverCode ?? '');
  if (known) return known;
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 503) return 'SERVICE_UNAVAILABLE';
  return status >= 500 ? 'SERVER_FAILED' : 'INVALID_REQUEST';
}

function readDetails(status: number, body: FailureEnvelope, retryAfter?: string | null): WeiqiaoErrorDetails {
  const details: WeiqiaoErrorDetails = { status };
  const error = body.error ?? {};
  if (typeof error.code === 'string') details.serverCode = error.code;
  const fields = readFields(error.details);
  if (fields.length > 0) details.fields = fields;
  if (typeof error.errcode === 'number') details.errcode = error.errcode;
  if (typeof error.errmsg === 'string') details.errmsg = error.errmsg;
  if (typeof error.rid === 'string') details.rid = error.rid;
  if (typeof error.hint === 'string') details.hint = error.hint;
  if (typeof error.retryable === 'boolean') details.retryable = error.retryable;
  if (typeof body.request_id === 'string') details.requestId = body.request_id;
  const seconds = Number(retryAfter ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds >= 0) details.retryAfter = seconds;
  return details;
}

function readFields(details: unknown): string[] {
  if (!Array.isArray(details)) return [];
  return details.flatMap((one: unknown) => {
    const field = (one as { field?: unknown } | null)?.field;
    return typeof field === 'string' ? [field] : [];
  });
}
