import { expect, test } from 'vitest';
import { createContext } from '../context';
import { issuedStates } from '../helpers/issued-states';
import { COOKIE_SESSION, oweLogout } from '../helpers/owed-logouts';
import { FakeStorage, FakeWindow } from '../testing/fake-window';
import { success } from '../testing/samples';
import { checkAuth } from './check-auth';
import { login } from './login';

const AUTHORIZE = 'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&state=S1#wechat_redirect';

function aWindow(href = 'https://shop.cn/p?boutique_id=7#/cart') {
  const window = new FakeWindow(href);
  window.answer('GET /api/wechat/authorize-url', success({ url: AUTHORIZE, state: 'S1' }));
  return window;
}

test('the page asks for the address, remembers the state and leaves', async () => {
  const window = aWindow();
  const context = createContext(window);
  await login(context);
  expect(window.requests[0]?.query).toEqual({ redirect_uri: 'https://shop.cn/p?boutique_id=7#/cart' });
  expect(issuedStates(context.tab)).toEqual(['S1']);
  expect(window.left).toEqual([AUTHORIZE]);
});

test('business parameters stay, what an earlier login left goes', async () => {
  const window = aWindow('https://shop.cn/p?code=old&boutique_id=7&state=old&wechat_auth=denied');
  await login(createContext(window));
  expect(window.requests[0]?.query.redirect_uri).toBe('https://shop.cn/p?boutique_id=7');
});

test('a relative target is resolved, scope and account are passed on', async () => {
  const window = aWindow();
  await login(createContext(window, { account: 'shop' }), '/me?tab=1', { scope: 'snsapi_base' });
  expect(window.requests[0]?.query).toEqual({
    redirect_uri: 'https://shop.cn/me?tab=1',
    scope: 'snsapi_base',
    account: 'shop',
  });
});

test('a double click is one login', async () => {
  const window = aWindow();
  const context = createContext(window);
  await Promise.all([login(context), login(context)]);
  expect(window.requests).toHaveLength(1);
  expect(window.left).toHaveLength(1);
  // Back from WeChat through the browser's page cache, the button must work again.
  await login(context);
  expect(window.left).toHaveLength(2);
});

test.each(['javascript:alert(1)', 'weixin://dl', 'http://'])('%s is no place to go', async (target) => {
  const window = aWindow();
  await expect(login(createContext(window), target)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  expect(window.requests).toEqual([]);
});

test('an address that is no web address is not followed', async () => {
  const window = aWindow();
  window.answer('GET /api/wechat/authorize-url', success({ url: 'javascript:alert(1)', state: 'S1' }));
  await expect(login(createContext(window))).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  expect(window.left).toEqual([]);
});

test('where the browser keeps nothing the page is not left', async () => {
  const window = aWindow();
  window.localStorage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(login(createContext(window))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect([window.requests, window.left]).toEqual([[], []]);
  // A page that wants a login for this load only says so with a storage of its own.
  await login(createContext(window, { storage: new FakeStorage() }));
  expect(window.left).toEqual([AUTHORIZE]);
});

test('the tab may keep nothing: the cookie decides', async () => {
  const window = aWindow();
  window.sessionStorage.setItem = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  await login(createContext(window));
  expect(window.left).toEqual([AUTHORIZE]);
});

test('a log-out that is owed is told before the new state is asked for, once', async () => {
  const window = aWindow();
  oweLogout(window.localStorage, COOKIE_SESSION);
  window.answer('POST /api/logout', success({}));
  const context = createContext(window);
  await Promise.all([checkAuth(context), login(context), login(context)]);
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/logout', '/api/wechat/authorize-url']);
  expect(window.localStorage.getItem('wechat_logout_owed')).toBeNull();
});

test('the service may refuse to hear of it: the login goes on, and a check does not disturb it', async () => {
  const window = aWindow();
  oweLogout(window.localStorage, COOKIE_SESSION);
  const context = createContext(window);
  const leaving = login(context);
  await checkAuth(context);
  await leaving;
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/logout', '/api/wechat/authorize-url']);
  expect(window.left).toEqual([AUTHORIZE]);
  expect(window.localStorage.getItem('wechat_logout_owed')).toBe('1');
});
