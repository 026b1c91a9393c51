import { expect, test } from 'vitest';
import { WeiqiaoError } from './weiqiao-error';

test('an error is an Error with code, details and the original as cause', () => {
  const original = new TypeError('fetch failed');
  const error = new WeiqiaoError('NETWORK_FAILED', '网络不通', { requestId: 'r-1' }, original);
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code, error.message, error.details.requestId]).toEqual([
    'WeiqiaoError',
    'NETWORK_FAILED',
    '网络不通',
    'r-1',
  ]);
  expect(error.cause).toBe(original);
});

test('retryable follows the service where it said something, the code otherwise', () => {
  expect(new WeiqiaoError('TIMEOUT', '').retryable).toBe(true);
  expect(new WeiqiaoError('CODE_USED', '').retryable).toBe(false);
  expect(new WeiqiaoError('WECHAT_REFUSED', '', { retryable: true }).retryable).toBe(true);
  expect(new WeiqiaoError('SERVICE_UNAVAILABLE', '', { retryable: false }).retryable).toBe(false);
});
