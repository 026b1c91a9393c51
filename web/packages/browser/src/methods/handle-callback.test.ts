import { expect, test } from 'vitest';
import { createContext } from '../context';
import { rememberState } from '../helpers/issued-states';
import { COOKIE_SESSION, owedLogouts, oweLogout } from '../helpers/owed-logouts';
import { payOwedLogout } from '../helpers/pay-owed-logout';
import { FakeWindow } from '../testing/fake-window';
import { aUser, failure, success } from '../testing/samples';
import { handleCallback } from './handle-callback';

const LOGGED_IN = success({ message: '微信登录成功', user_info: aUser(), token: 'jwt' });

function comeBack(href = 'https://shop.cn/p?boutique_id=7&code=C1&state=S1#/cart') {
  const window = new FakeWindow(href);
  window.answer('POST /api/wechat/auth', LOGGED_IN);
  return window;
}

test('a callback is posted, stored and taken out of the address', async () => {
  const window = comeBack();
  window.history.state = { router: 3 };
  const user = await handleCallback(createContext(window));
  expect(user).toEqual(aUser());
  expect(window.requests).toMatchObject([{ path: '/api/wechat/auth', body: { code: 'C1', state: 'S1' } }]);
  expect(window.localStorage.getItem('wechat_openid')).toBe('o-xiaoming');
  expect(JSON.parse(window.localStorage.getItem('wechat_user_info') ?? '')).toEqual(aUser());
  expect(window.location.href).toBe('https://shop.cn/p?boutique_id=7#/cart');
  expect(window.history.state).toEqual({ router: 3 });
});

test('the session token is not kept where scripts can read it, unless asked for', async () => {
  const window = comeBack();
  await handleCallback(createContext(window));
  expect(window.localStorage.getItem('wechat_token')).toBeNull();

  const other = comeBack();
  await handleCallback(createContext(other, { session: 'token' }));
  expect(other.localStorage.getItem('wechat_token')).toBe('jwt');
});

test('called twice in one page, before and after the answer, it posts once', async () => {
  const window = comeBack();
  const context = createContext(window);
  const [first, second] = await Promise.all([handleCallback(context), handleCallback(context)]);
  const third = await handleCallback(context);
  expect([first, second, third]).toEqual([aUser(), aUser(), aUser()]);
  expect(window.requests).toHaveLength(1);
});

test('the back button onto a finished callback posts nothing', async () => {
  const window = comeBack();
  await handleCallback(createContext(window));
  window.navigateWithoutLoading('https://shop.cn/p?code=C1&state=S1');
  const user = await handleCallback(createContext(window));
  expect(user).toEqual(aUser());
  expect(window.requests).toHaveLength(1);
  expect(window.location.href).toBe('https://shop.cn/p');
});

test('a state this tab did not send is refused before anything is posted', async () => {
  const window = comeBack();
  const context = createContext(window);
  rememberState(context.tab, 'ANOTHER');
  await expect(handleCallback(context)).rejects.toMatchObject({ code: 'STATE_MISMATCH' });
  expect(window.requests).toEqual([]);
  expect(window.location.href).toBe('https://shop.cn/p?boutique_id=7#/cart');
});

test('a tab without memory leaves the verdict to the service', async () => {
  const window = comeBack();
  window.answer('POST /api/wechat/auth', failure(400, 'state 无效', { code: 'STATE_INVALID' }));
  await expect(handleCallback(createContext(window))).rejects.toMatchObject({ code: 'STATE_MISMATCH' });
});

test('a used code is final: the address is cleaned and later calls give the same error', async () => {
  const window = comeBack();
  window.answer('POST /api/wechat/auth', failure(500, '微信登录失败', { errcode: 40163, retryable: false }));
  const context = createContext(window);
  await expect(handleCallback(context)).rejects.toMatchObject({ code: 'CODE_USED' });
  expect(window.location.href).toBe('https://shop.cn/p?boutique_id=7#/cart');
  await expect(handleCallback(context)).rejects.toMatchObject({ code: 'CODE_USED' });
  expect(window.requests).toHaveLength(1);
});

test('after a failure that may pass the code stays, and trying again works', async () => {
  const window = comeBack();
  window.answer('POST /api/wechat/auth', failure(503, '数据库不可用', { code: 'SERVICE_UNAVAILABLE' }));
  const context = createContext(window);
  await expect(handleCallback(context)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(window.location.href).toContain('code=C1');
  window.answer('POST /api/wechat/auth', LOGGED_IN);
  await expect(handleCallback(context)).resolves.toEqual(aUser());
});

test('a person who declined comes back with only our state', async () => {
  const window = comeBack('https://shop.cn/p?state=S1');
  const context = createContext(window);
  rememberState(context.tab, 'S1');
  await expect(handleCallback(context)).rejects.toMatchObject({ code: 'LOGIN_DENIED' });
  expect(window.location.href).toBe('https://shop.cn/p');
});

test('a page with a state or code of its own is no callback and stays as it is', async () => {
  for (const href of ['https://shop.cn/p?state=paid', 'https://shop.cn/p?code=COUPON', 'https://shop.cn/p']) {
    const window = comeBack(href);
    await expect(handleCallback(createContext(window))).resolves.toBeNull();
    expect(window.location.href).toBe(href);
    expect(window.requests).toEqual([]);
  }
});

test('the full-page login is finished by asking who we are', async () => {
  const window = comeBack('https://shop.cn/p?x=1&wechat_auth=success');
  window.answer('GET /api/me', success({ user_info: aUser() }));
  await expect(handleCallback(createContext(window))).resolves.toEqual(aUser());
  expect(window.localStorage.getItem('wechat_openid')).toBe('o-xiaoming');
  expect(window.location.href).toBe('https://shop.cn/p?x=1');
});

test('the full-page login says when it was declined', async () => {
  const window = comeBack('https://shop.cn/p?wechat_auth=denied');
  await expect(handleCallback(createContext(window))).rejects.toMatchObject({ code: 'LOGIN_DENIED' });
  expect(window.location.href).toBe('https://shop.cn/p');
});

test('a login makes an owed log-out of the cookie void, that of a token not', async () => {
  for (const href of ['https://shop.cn/p?code=C1&state=S1', 'https://shop.cn/p?wechat_auth=success']) {
    const window = comeBack(href);
    window.answer('GET /api/me', success({ user_info: aUser() }));
    oweLogout(window.localStorage, COOKIE_SESSION);
    oweLogout(window.localStorage, 'old-jwt');
    await handleCallback(createContext(window));
    expect(window.requests).toHaveLength(1);
    expect(owedLogouts(window.localStorage)).toEqual(['old-jwt']);
  }
});

test('a login that fails voids nothing', async () => {
  const window = comeBack();
  window.answer('POST /api/wechat/auth', failure(500, '微信登录失败', { errcode: 40163, retryable: false }));
  oweLogout(window.localStorage, COOKIE_SESSION);
  await expect(handleCallback(createContext(window))).rejects.toMatchObject({ code: 'CODE_USED' });
  expect(owedLogouts(window.localStorage)).toEqual([COOKIE_SESSION]);
});

test('a payment under way ends before the code is posted', async () => {
  const window = comeBack('https://shop.cn/p');
  oweLogout(window.localStorage, COOKIE_SESSION);
  window.answer('POST /api/logout', 'hangs');
  const context = createContext(window);
  const paying = payOwedLogout(context);
  await window.untilTimer(15_000);
  window.navigateWithoutLoading('https://shop.cn/p?code=C1&state=S1');
  const finishing = handleCallback(context);
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/logout']);
  window.fireTimer(15_000);
  await Promise.all([paying, finishing]);
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/logout', '/api/wechat/auth']);
});
