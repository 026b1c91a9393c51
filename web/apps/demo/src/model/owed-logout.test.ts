import { WeiqiaoError } from '@weiqiao/browser';
import { expect, test } from 'vitest';
import { explainOwedLogout, isLogoutOwed, LOGOUT_OWED } from './owed-logout';

test('why the service could not be told comes before what that means', () => {
  const error = new WeiqiaoError('SERVICE_UNAVAILABLE', '数据库不可用', { status: 503, requestId: 'req-7' });
  const problem = explainOwedLogout(error);
  expect(problem).toMatchObject({ what: LOGOUT_OWED.what, next: LOGOUT_OWED.next, retry: true });
  expect(problem.why).toBe(`服务暂时不可用：${LOGOUT_OWED.why}`);
  expect(problem.facts).toContainEqual(['请求编号', 'req-7']);
});

test.each([
  [null, false],
  ['', false],
  ['1', true],
])('the mark %j', (value, owed) => {
  expect(isLogoutOwed({ getItem: (key) => (key === 'wechat_logout_owed' ? value : null) })).toBe(owed);
});
