import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeWindow } from '../testing/fake-window';
import { failure, success } from '../testing/samples';
import { endSession } from './end-session';

test.each([success({}), failure(401, '未登录')])('the session is over: %o', async (answer) => {
  const window = new FakeWindow('https://shop.cn/');
  window.answer('POST /api/logout', answer);
  await expect(endSession(createContext(window))).resolves.toBeUndefined();
  expect(window.requests).toMatchObject([{ path: '/api/logout', body: {} }]);
});

test.each([
  ['offline', 'NETWORK_FAILED'],
  [failure(403, '不允许'), 'FORBIDDEN'],
  [failure(500, '出错了'), 'SERVER_FAILED'],
] as const)('the service was not told: %o', async (answer, code) => {
  const window = new FakeWindow('https://shop.cn/');
  window.answer('POST /api/logout', answer);
  await expect(endSession(createContext(window))).rejects.toMatchObject({ code });
});
