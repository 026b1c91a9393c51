import { expect, test } from 'vitest';
import { createContext } from '../context';
import { COOKIE_SESSION, oweLogout } from '../helpers/owed-logouts';
import { saveToken, saveUser } from '../helpers/session-store';
import { FakeWindow } from '../testing/fake-window';
import { aUser, failure, success } from '../testing/samples';
import { checkAuth } from './check-auth';
import { handleCallback } from './handle-callback';
import { logout } from './logout';

function loggedIn() {
  const window = new FakeWindow('https://shop.cn/');
  saveUser(window.localStorage, aUser());
  return window;
}

test('nobody logged in here: no question is asked', async () => {
  const window = new FakeWindow('https://shop.cn/');
  const status = await checkAuth(createContext(window));
  expect(status).toEqual({ authenticated: false, needAuth: true, reason: 'never_logged_in', user: null });
  expect(window.requests).toEqual([]);
});

test('within 24 hours the login counts and the profile is brought up to date', async () => {
  const window = loggedIn();
  const renamed = aUser({ nickname: '小明 2' });
  window.answer('GET /api/user/o-xiaoming', success({ exists: true, need_auth: false, user_info: renamed }));
  const status = await checkAuth(createContext(window));
  expect(status).toEqual({ authenticated: true, needAuth: false, reason: 'valid', user: renamed });
  expect(JSON.parse(window.localStorage.getItem('wechat_user_info') ?? '').nickname).toBe('小明 2');
});

test('past 24 hours a new login is due, the profile is still there', async () => {
  const window = loggedIn();
  window.answer('GET /api/user/o-xiaoming', success({ exists: true, need_auth: true, user_info: aUser() }));
  const status = await checkAuth(createContext(window));
  expect(status).toMatchObject({ authenticated: false, needAuth: true, reason: 'expired', user: aUser() });
});

test('an openid the service does not know is forgotten', async () => {
  const window = loggedIn();
  window.answer(
    'GET /api/user/o-xiaoming',
    success({ exists: false, need_auth: true, message: '用户不存在，需要重新授权' }),
  );
  const status = await checkAuth(createContext(window));
  expect(status).toMatchObject({ needAuth: true, reason: 'unknown_user', user: null });
  expect(window.localStorage.values.size).toBe(0);
});

test('a service that cannot answer logs nobody out', async () => {
  const window = loggedIn();
  window.answer('GET /api/user/o-xiaoming', failure(503, '数据库不可用', { code: 'SERVICE_UNAVAILABLE' }));
  await expect(checkAuth(createContext(window))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(window.localStorage.getItem('wechat_openid')).toBe('o-xiaoming');
});

test('with session token the request carries it', async () => {
  const window = loggedIn();
  saveToken(window.localStorage, 'jwt');
  window.answer('GET /api/user/o-xiaoming', success({ exists: true, need_auth: false }));
  await checkAuth(createContext(window, { session: 'token' }));
  expect(window.requests[0]?.headers.authorization).toBe('Bearer jwt');
  await checkAuth(createContext(window));
  expect(window.requests[1]?.headers.authorization).toBeUndefined();
});

test('what the service does not take for an openid is dropped: nobody is logged in', async () => {
  const window = new FakeWindow('https://shop.cn/');
  window.localStorage.setItem('wechat_openid', 'old openid!');
  window.answer(
    'GET /api/user/old%20openid!',
    failure(400, '请求参数错误: openid 格式不正确', {
      code: 'VALIDATION_FAILED',
      details: [{ field: 'openid', rule: 'openid', message: 'openid 格式不正确' }],
    }),
  );
  const context = createContext(window);
  const nobody = { authenticated: false, needAuth: true, reason: 'never_logged_in', user: null };
  expect(await checkAuth(context)).toEqual(nobody);
  expect(window.localStorage.getItem('wechat_openid')).toBeNull();
  expect(await checkAuth(context)).toEqual(nobody);
  expect(window.requests).toHaveLength(1);
});

test.each([
  { code: 'VALIDATION_FAILED', details: [{ field: 'account' }] },
  { code: 'VALIDATION_FAILED', details: [] },
  { code: 'VALIDATION_FAILED' },
])('another refusal of the request logs nobody out: %o', async (error) => {
  const window = loggedIn();
  window.answer('GET /api/user/o-xiaoming', failure(400, '请求参数错误', error));
  await expect(checkAuth(createContext(window))).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  expect(window.localStorage.getItem('wechat_openid')).toBe('o-xiaoming');
});

function indebted(href = 'https://shop.cn/') {
  const window = new FakeWindow(href);
  oweLogout(window.localStorage, COOKIE_SESSION);
  window.answer('POST /api/logout', success({}));
  return window;
}

test('a log-out the service has not heard of is told first', async () => {
  const window = indebted();
  const status = await checkAuth(createContext(window));
  expect(status.reason).toBe('never_logged_in');
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/logout']);
  expect(window.localStorage.values.size).toBe(0);
});

test('that it cannot be told again is no failure of the check', async () => {
  const window = indebted();
  window.answer('POST /api/logout', 'offline');
  const context = createContext(window);
  const [one, other] = await Promise.all([checkAuth(context), checkAuth(context)]);
  expect([one.reason, other.reason]).toEqual(['never_logged_in', 'never_logged_in']);
  expect(window.requests).toHaveLength(1);
  expect(window.localStorage.getItem('wechat_logout_owed')).toBe('1');
});

test('a check beside a login that comes back does not disturb it', async () => {
  const window = indebted('https://shop.cn/?code=C1&state=S1');
  window.answer('POST /api/wechat/auth', success({ user_info: aUser() }));
  window.answer('GET /api/user/o-xiaoming', success({ exists: true, need_auth: false, user_info: aUser() }));
  const context = createContext(window);
  await Promise.all([checkAuth(context), handleCallback(context)]);
  expect((await checkAuth(context)).reason).toBe('valid');
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/wechat/auth', '/api/user/o-xiaoming']);
});

test('a login that comes back and fails for good leaves the debt to the next check', async () => {
  const window = indebted('https://shop.cn/?code=C1&state=S1');
  window.answer('POST /api/wechat/auth', failure(500, '微信登录失败', { errcode: 40163, retryable: false }));
  const context = createContext(window);
  await expect(handleCallback(context)).rejects.toMatchObject({ code: 'CODE_USED' });
  await checkAuth(context);
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/wechat/auth', '/api/logout']);
});

test('who logs out while the service is asked is not brought back by its answer', async () => {
  const window = loggedIn();
  window.answer('GET /api/user/o-xiaoming', success({ exists: true, need_auth: false, user_info: aUser() }));
  const context = createContext(window);
  const checking = checkAuth(context);
  await expect(logout(context)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  await checking;
  expect([...window.localStorage.values]).toEqual([['wechat_logout_owed', '1']]);
});
