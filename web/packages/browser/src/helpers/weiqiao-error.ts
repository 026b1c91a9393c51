/** Every way a call of this SDK can fail. New codes may be added; none is renamed. */
export type WeiqiaoErrorCode =
  // the place it was called from
  | 'NO_BROWSER'
  // the browser keeps no values for this page, or no more of them
  | 'STORAGE_UNAVAILABLE'
  // transport
  | 'NETWORK_FAILED'
  | 'TIMEOUT'
  | 'BAD_RESPONSE'
  // answers of the service
  | 'INVALID_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'SERVER_FAILED'
  // login
  | 'CODE_INVALID'
  | 'CODE_USED'
  | 'STATE_MISMATCH'
  | 'LOGIN_DENIED'
  | 'REDIRECT_NOT_ALLOWED'
  | 'SNAPSHOT_USER'
  | 'WECHAT_REFUSED'
  | 'WECHAT_UNREACHABLE'
  // JS-SDK
  | 'NOT_WECHAT_BROWSER'
  | 'SCRIPT_FAILED'
  | 'JSSDK_TIMEOUT'
  | 'JSSDK_NOT_READY'
  | 'JSSDK_INVALID_SIGNATURE'
  | 'JSSDK_INVALID_DOMAIN'
  | 'JSSDK_INVALID_APPID'
  | 'JSSDK_PERMISSION_DENIED'
  | 'JSSDK_REQUIRE_SUBSCRIBE'
  | 'JSSDK_UNSUPPORTED'
  | 'JSSDK_CANCELLED'
  | 'JSSDK_FAILED';

/** Facts that belong to an error, where they are known. */
export interface WeiqiaoErrorDetails {
  /** HTTP status of the service's answer. */
  status?: number;
  /** The service's own error word (`error.code`). */
  serverCode?: string;
  /** The fields of the request the service found wrong, by their names on the wire. */
  fields?: string[];
  /** WeChat's error number, text and request id. */
  errcode?: number;
  errmsg?: string;
  rid?: string;
  /** Cause and next step in Chinese, written by the service. */
  hint?: string;
  /** Whether the same call may succeed later. */
  retryable?: boolean;
  /** Seconds to wait before the next try (429, 503). */
  retryAfter?: number;
  /** The service's request id: the word to search its logs for. */
  requestId?: string;
}

/** The one error class of this SDK: branch on `code`, show `message`, look at `cause` for the original. */
export class WeiqiaoError extends Error {
  override readonly name = 'WeiqiaoError';
  readonly code: WeiqiaoErrorCode;
  readonly details: WeiqiaoErrorDetails;
  override readonly cause?: unknown;

  constructor(code: WeiqiaoErrorCode, message: string, details: WeiqiaoErrorDetails = {}, cause?: unknown) {
    super(message);
    this.code = code;
    this.details = details;
    if (cause !== undefined) this.cause = cause;
  }

  /** True when trying the same call again later makes sense. */
  get retryable(): boolean {
    return (
      this.details.retryable ??
      ['NETWORK_FAILED', 'TIMEOUT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'].includes(this.code)
    );
  }
}
