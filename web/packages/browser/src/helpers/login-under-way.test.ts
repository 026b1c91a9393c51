import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeWindow } from '../testing/fake-window';
import { loginUnderWay } from './login-under-way';

test.each([
  ['https://shop.cn/p', false],
  ['https://shop.cn/p?code=COUPON', false],
  // Declined: no session and no state is waiting for us.
  ['https://shop.cn/p?state=S1', false],
  ['https://shop.cn/p?code=C1&state=S1', true],
  ['https://shop.cn/p?wechat_auth=success', true],
])('coming back: %s', (href, expected) => {
  expect(loginUnderWay(createContext(new FakeWindow(href)))).toBe(expected);
});

test('leaving', () => {
  const context = createContext(new FakeWindow('https://shop.cn/p'));
  context.flights.login = Promise.resolve();
  expect(loginUnderWay(context)).toBe(true);
});
