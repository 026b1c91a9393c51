import { expect, test } from 'vitest';
import { identifyApiError } from './identify-api-error';

test('a refused code keeps everything WeChat said', () => {
  const error = identifyApiError(500, {
    message: '微信登录失败: wechat api error: 40163 - code been used',
    request_id: 'r-1',
    error: {
      code: 'WECHAT_API_ERROR',
      errcode: 40163,
      errmsg: 'code been used',
      rid: '62de-1',
      hint: '授权码只能用一次',
      retryable: false,
    },
  });
  expect(error.code).toBe('CODE_USED');
  expect(error.message).toBe('微信登录失败: wechat api error: 40163 - code been used');
  expect(error.details).toEqual({
    status: 500,
    serverCode: 'WECHAT_API_ERROR',
    errcode: 40163,
    errmsg: 'code been used',
    rid: '62de-1',
    hint: '授权码只能用一次',
    retryable: false,
    requestId: 'r-1',
  });
});

test.each([
  [500, { error: { errcode: 40029 } }, 'CODE_INVALID'],
  [500, { error: { errcode: 42003 } }, 'CODE_INVALID'],
  [500, { error: { errcode: 45011 } }, 'WECHAT_REFUSED'],
  [400, { error: { code: 'STATE_INVALID' } }, 'STATE_MISMATCH'],
  [400, { error: { code: 'STATE_REQUIRED' } }, 'STATE_MISMATCH'],
  [400, { error: { code: 'CODE_ALREADY_USED' } }, 'CODE_USED'],
  [409, { error: { code: 'LOGIN_INTERRUPTED' } }, 'CODE_USED'],
  [403, { error: { code: 'SNAPSHOT_USER' } }, 'SNAPSHOT_USER'],
  [400, { error: { code: 'REDIRECT_NOT_ALLOWED' } }, 'REDIRECT_NOT_ALLOWED'],
  [403, { error: { code: 'JS_URL_NOT_ALLOWED' } }, 'JSSDK_INVALID_DOMAIN'],
  [500, { error: { code: 'WECHAT_LOGIN_FAILED', errcode: -1 } }, 'WECHAT_REFUSED'],
  [500, { error: { code: 'WECHAT_LOGIN_FAILED' } }, 'WECHAT_UNREACHABLE'],
  [400, { error: { code: 'VALIDATION_FAILED' } }, 'INVALID_REQUEST'],
  [401, {}, 'UNAUTHORIZED'],
  [403, {}, 'FORBIDDEN'],
  [404, { error: null }, 'NOT_FOUND'],
  [429, {}, 'RATE_LIMITED'],
  [503, {}, 'SERVICE_UNAVAILABLE'],
  [500, {}, 'SERVER_FAILED'],
] as const)('HTTP %i %j is %s', (status, body, code) => {
  expect(identifyApiError(status, body).code).toBe(code);
});

test('an answer without a message still gets one, and Retry-After is read', () => {
  const error = identifyApiError(429, {}, '7');
  expect(error.message).toBe('请求失败 (HTTP 429)');
  expect(error.details.retryAfter).toBe(7);
  expect(identifyApiError(429, {}, 'Wed, 21 Oct 2026 07:28:00 GMT').details.retryAfter).toBeUndefined();
});
