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
  expect(window.localStorage.values.size).toBe(0);
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
