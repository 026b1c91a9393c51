import { expect, test } from 'vitest';
import { createContext } from '../context';
import { COOKIE_SESSION, oweLogout } from '../helpers/owed-logouts';
import { FakeWindow } from '../testing/fake-window';
import { success } from '../testing/samples';
import { wechatLogin } from './wechat-login';

const CONFIG = { appId: 'wx1', scope: 'snsapi_userinfo', title: '微信登录' };

test('the login leaves the page and comes back to it with its own parameters', async () => {
  const window = new FakeWindow('https://shop.cn/p?id=7&wechat_auth=denied#/cart');
  await wechatLogin(createContext(window), 'MyWechatLogin').login();
  expect(window.left).toEqual([
    'https://shop.cn/auths/loginTypes/MyWechatLogin/login?redirectUrl=https%3A%2F%2Fshop.cn%2Fp%3Fid%3D7%23%2Fcart',
  ]);
});

test('another page, and a service elsewhere', async () => {
  const window = new FakeWindow('https://shop.cn/p');
  const context = createContext(window, { baseUrl: 'https://api.shop.cn/wx/' });
  await wechatLogin(context, '登录 1').login('/me');
  expect(window.left).toEqual([
    `https://api.shop.cn/wx/auths/loginTypes/${encodeURIComponent('登录 1')}/login?redirectUrl=https%3A%2F%2Fshop.cn%2Fme`,
  ]);
});

test.each(['javascript:alert(1)', 'weixin://dl'])('%s is no place to go', async (target) => {
  const window = new FakeWindow('https://shop.cn/');
  const login = wechatLogin(createContext(window), 'MyWechatLogin').login(target);
  await expect(login).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  expect(window.left).toEqual([]);
});

test('what the instance is called', async () => {
  const window = new FakeWindow('https://shop.cn/');
  window.answer('GET /auths/loginTypes/MyWechatLogin/config', { status: 200, body: CONFIG });
  const context = createContext(window, { account: 'shop' });
  expect(await wechatLogin(context, 'MyWechatLogin').config()).toEqual(CONFIG);
  expect(window.requests[0]?.query).toEqual({});
});

test('an unknown instance is an error of this SDK', async () => {
  const window = new FakeWindow('https://shop.cn/');
  const body = { error: 'Auth error: 没有这个登录实例', errcode: null, hint: '请检查名称' };
  window.answer('GET /auths/loginTypes/Nobody/config', { status: 404, body });
  await expect(wechatLogin(createContext(window), 'Nobody').config()).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: body.error,
    details: { status: 404, hint: '请检查名称' },
  });
});

test('where the browser keeps nothing the page is not left', async () => {
  const window = new FakeWindow('https://shop.cn/');
  window.localStorage.setItem = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  const login = wechatLogin(createContext(window), 'MyWechatLogin').login();
  await expect(login).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(window.left).toEqual([]);
});

test.each([success({}), 'offline'] as const)('a log-out that is owed is told before: %o', async (answer) => {
  const window = new FakeWindow('https://shop.cn/');
  oweLogout(window.localStorage, COOKIE_SESSION);
  window.answer('POST /api/logout', answer);
  await wechatLogin(createContext(window), 'MyWechatLogin').login();
  expect(window.requests.map(({ path }) => path)).toEqual(['/api/logout']);
  expect(window.left).toHaveLength(1);
  expect(window.localStorage.getItem('wechat_logout_owed')).toBe(answer === 'offline' ? '1' : null);
});
