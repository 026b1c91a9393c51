import { expect, test } from 'vitest';
import { createContext } from '../context';
import { saveToken, saveUser } from '../helpers/session-store';
import { FakeWindow } from '../testing/fake-window';
import { aUser, failure, success } from '../testing/samples';
import { handleCallback } from './handle-callback';
import { logout } from './logout';

test('the service is told with the credential it knows, then everything is forgotten', async () => {
  const window = new FakeWindow('https://shop.cn/');
  saveUser(window.localStorage, aUser());
  saveToken(window.localStorage, 'jwt');
  window.answer('POST /api/logout', success({}));
  await logout(createContext(window, { session: 'token' }));
  expect(window.requests[0]?.headers.authorization).toBe('Bearer jwt');
  expect(window.localStorage.values.size).toBe(0);
});

test('logging out without a session is fine', async () => {
  const window = new FakeWindow('https://shop.cn/');
  window.answer('POST /api/logout', failure(401, '未登录'));
  await expect(logout(createContext(window))).resolves.toBeUndefined();
});

test('without a network the browser still forgets, and the caller hears of it', async () => {
  const window = new FakeWindow('https://shop.cn/');
  saveUser(window.localStorage, aUser());
  window.answer('POST /api/logout', 'offline');
  await expect(logout(createContext(window))).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  expect([...window.localStorage.values]).toEqual([['wechat_logout_owed', '1']]);
});

test('after logging out, the finished callback is no answer any more', async () => {
  const window = new FakeWindow('https://shop.cn/?code=C1&state=S1');
  window.answer('POST /api/wechat/auth', success({ user_info: aUser() }));
  window.answer('POST /api/logout', success({}));
  const context = createContext(window);
  await handleCallback(context);
  await logout(context);
  await expect(handleCallback(context)).resolves.toBeNull();
});

test.each([failure(403, '不允许'), failure(429, '太频繁'), failure(500, '出错了'), failure(503, '不可用')])(
  'whatever kept the service from hearing of it, the log-out stays owed: %o',
  async (answer) => {
    const window = new FakeWindow('https://shop.cn/');
    window.answer('POST /api/logout', answer);
    await expect(logout(createContext(window))).rejects.toThrow();
    expect(window.localStorage.getItem('wechat_logout_owed')).toBe('1');
  },
);

test('no answer in time: owed too', async () => {
  const window = new FakeWindow('https://shop.cn/');
  window.answer('POST /api/logout', 'hangs');
  const leaving = logout(createContext(window));
  window.fireTimer(15_000);
  await expect(leaving).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(window.localStorage.getItem('wechat_logout_owed')).toBe('1');
});

test('with session token the mark holds the token, and no other key does', async () => {
  const window = new FakeWindow('https://shop.cn/');
  saveUser(window.localStorage, aUser());
  saveToken(window.localStorage, 'jwt');
  const leaving = logout(createContext(window, { session: 'token' }));
  await expect(leaving).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  expect([...window.localStorage.values]).toEqual([['wechat_logout_owed', 'jwt']]);
});

test.each([success({}), failure(401, '未登录')])(
  'a log-out that arrives owes nothing more: %o',
  async (answer) => {
    const window = new FakeWindow('https://shop.cn/');
    const context = createContext(window);
    await expect(logout(context)).rejects.toThrow();
    window.answer('POST /api/logout', answer);
    await logout(context);
    expect(window.localStorage.values.size).toBe(0);
  },
);

test('a full store hides neither the reason nor the forgetting', async () => {
  const window = new FakeWindow('https://shop.cn/');
  saveUser(window.localStorage, aUser());
  const context = createContext(window);
  window.localStorage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(logout(context)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  expect(window.localStorage.values.size).toBe(0);
});
