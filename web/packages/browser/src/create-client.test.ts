import { expect, test, vi } from 'vitest';
import { createClient } from './create-client';
import { WeiqiaoError } from './helpers/weiqiao-error';
import { FakeWindow } from './testing/fake-window';
import { ANDROID_WECHAT, aUser, failure, success } from './testing/samples';
import type { Exchange } from './types';

test('creating a client needs no window; using it does', () => {
  const client = createClient();
  expect(() => client.getUser()).toThrow(WeiqiaoError);
  vi.stubGlobal('window', new FakeWindow('https://shop.cn/', ANDROID_WECHAT));
  expect(client.getUser()).toBeNull();
  expect(client.isWechatBrowser()).toBe(true);
});

test('options reach the request: base address, account, credentials, own storage', async () => {
  const window = new FakeWindow('https://shop.cn/?code=C1&state=S1');
  const values = new Map<string, string>();
  const client = createClient(
    {
      baseUrl: 'https://api.shop.cn/',
      account: 'shop',
      credentials: 'same-origin',
      storage: {
        getItem: (key) => values.get(key) ?? null,
        setItem: (key, value) => void values.set(key, value),
        removeItem: (key) => void values.delete(key),
      },
    },
    window,
  );
  window.answer('POST https://api.shop.cn/api/wechat/auth', success({ user_info: aUser() }));
  await client.handleCallback();
  expect(window.requests[0]).toMatchObject({ query: { account: 'shop' }, credentials: 'same-origin' });
  expect(values.get('wechat_openid')).toBe('o-xiaoming');
  expect(window.localStorage.values.size).toBe(0);
});

test('onExchange sees every request with its answer, also a failed one', async () => {
  const window = new FakeWindow('https://shop.cn/?code=C1&state=S1');
  const seen: Exchange[] = [];
  const client = createClient({ onExchange: (exchange) => seen.push(exchange) }, window);
  window.answer('POST /api/wechat/auth', failure(500, '微信登录失败', { errcode: 40029 }));
  await expect(client.handleCallback()).rejects.toMatchObject({ code: 'CODE_INVALID' });
  window.answer('POST /api/logout', 'offline');
  await expect(client.logout()).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  expect(seen).toMatchObject([
    {
      method: 'POST',
      path: '/api/wechat/auth',
      status: 500,
      requestBody: { code: 'C1', state: 'S1' },
      requestId: 'req-1',
    },
    { method: 'POST', path: '/api/logout', status: 0 },
  ]);
});
