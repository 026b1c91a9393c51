import { expect, test } from 'vitest';
import { identifyJsSdkError } from './identify-js-sdk-error';

test.each([
  ['config:invalid signature', 'JSSDK_INVALID_SIGNATURE'],
  ['config:fail,Error: 系统错误,错误码:63002,invalid signature [20260101]', 'JSSDK_INVALID_SIGNATURE'],
  ['config:invalid url domain', 'JSSDK_INVALID_DOMAIN'],
  ['config:fail_invalid appid', 'JSSDK_INVALID_APPID'],
  ['config:require subscribe', 'JSSDK_REQUIRE_SUBSCRIBE'],
  ['updateAppMessageShareData:permission denied', 'JSSDK_PERMISSION_DENIED'],
  ['the permission value is offline verifying', 'JSSDK_PERMISSION_DENIED'],
  ['updateTimelineShareData:function not exist', 'JSSDK_UNSUPPORTED'],
  ['updateTimelineShareData:function_not_exist', 'JSSDK_UNSUPPORTED'],
  ['chooseImage:cancel', 'JSSDK_CANCELLED'],
  ['config:fail', 'JSSDK_FAILED'],
])('%s is %s', (errMsg, code) => {
  const result = { errMsg };
  const error = identifyJsSdkError(result);
  expect(error.code).toBe(code);
  expect(error.message).toContain(errMsg);
  expect(error.details.errmsg).toBe(errMsg);
  expect(error.cause).toBe(result);
});

test('results of old clients and nonsense are still errors', () => {
  expect(identifyJsSdkError({ err_msg: 'config:invalid signature' }).code).toBe('JSSDK_INVALID_SIGNATURE');
  expect(identifyJsSdkError('config:invalid url domain').code).toBe('JSSDK_INVALID_DOMAIN');
  expect(identifyJsSdkError(undefined).code).toBe('JSSDK_FAILED');
  expect(identifyJsSdkError({ errMsg: 7 }).message).toContain('unknown error');
});
