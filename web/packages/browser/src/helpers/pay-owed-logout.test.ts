import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeWindow } from '../testing/fake-window';
import { aUser, failure, success } from '../testing/samples';
import { COOKIE_SESSION, owedLogouts, oweLogout } from './owed-logouts';
import { payOwedLogout } from './pay-owed-logout';
import { saveToken, saveUser } from './session-store';

function indebted(...sessions: string[]) {
  const window = new FakeWindow('https://shop.cn/');
  for (const session of sessions) oweLogout(window.localStorage, session);
  window.answer('POST /api/logout', success({}));
  return window;
}

test('nothing owed: nothing is asked', async () => {
  const window = indebted();
  await payOwedLogout(createContext(window));
  expect(window.requests).toEqual([]);
});

test.each([success({}), failure(401, '未登录')])('the service heard of it: %o', async (answer) => {
  const window = indebted(COOKIE_SESSION);
  window.answer('POST /api/logout', answer);
  await payOwedLogout(createContext(window));
  expect(window.requests).toMatchObject([{ path: '/api/logout', credentials: 'include' }]);
  expect(window.localStorage.values.size).toBe(0);
});

test.each(['offline', failure(403, '不允许'), failure(429, '太频繁'), failure(503, '数据库不可用')] as const)(
  'it stays owed, and the caller goes on: %o',
  async (answer) => {
    const window = indebted(COOKIE_SESSION);
    window.answer('POST /api/logout', answer);
    const context = createContext(window);
    await expect(payOwedLogout(context)).resolves.toBeUndefined();
    expect(owedLogouts(window.localStorage)).toEqual([COOKIE_SESSION]);
    window.answer('POST /api/logout', success({}));
    await payOwedLogout(context);
    expect(owedLogouts(window.localStorage)).toEqual([]);
  },
);

test('no answer in time is another failure', async () => {
  const window = indebted(COOKIE_SESSION);
  window.answer('POST /api/logout', 'hangs');
  const paying = payOwedLogout(createContext(window));
  await window.untilTimer(15_000);
  window.fireTimer(15_000);
  await expect(paying).resolves.toBeUndefined();
  expect(owedLogouts(window.localStorage)).toEqual([COOKIE_SESSION]);
});

test('a token is revoked by itself: not the one kept now, and with no cookie', async () => {
  const window = indebted('old-jwt');
  saveUser(window.localStorage, aUser());
  saveToken(window.localStorage, 'new-jwt');
  await payOwedLogout(createContext(window, { session: 'token' }));
  expect(window.requests).toMatchObject([
    { headers: { authorization: 'Bearer old-jwt' }, credentials: 'omit' },
  ]);
  expect([...window.localStorage.values.keys()]).toEqual([
    'wechat_user_info',
    'wechat_openid',
    'wechat_token',
  ]);
});

test('the cookie is paid for without a token, also where one is kept', async () => {
  const window = indebted(COOKIE_SESSION);
  saveToken(window.localStorage, 'new-jwt');
  await payOwedLogout(createContext(window, { session: 'token' }));
  expect(window.requests).toMatchObject([{ credentials: 'include' }]);
  expect(window.requests[0]?.headers.authorization).toBeUndefined();
});

test('several are paid, each for itself', async () => {
  const window = indebted('jwt-1', 'jwt-2', COOKIE_SESSION);
  await payOwedLogout(createContext(window, { session: 'token' }));
  expect(window.requests.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    'Bearer jwt-2',
    'Bearer jwt-1',
  ]);
  expect(owedLogouts(window.localStorage)).toEqual([]);
});

test('the payment is over when all are, though one has failed before', async () => {
  const window = indebted('jwt-1', 'jwt-2');
  const { fetch } = window;
  const answering: typeof fetch = (input, init) => {
    const { authorization } = (init?.headers ?? {}) as Record<string, string>;
    window.answer('POST /api/logout', authorization === 'Bearer jwt-1' ? 'hangs' : 'offline');
    return fetch(input, init);
  };
  const context = createContext(Object.assign(window, { fetch: answering }));
  let over = false;
  const paying = payOwedLogout(context).then(() => {
    over = true;
  });
  await window.untilTimer(15_000);
  await new Promise((resolve) => setTimeout(resolve));
  expect(over).toBe(false);
  window.fireTimer(15_000);
  await paying;
  expect(owedLogouts(window.localStorage)).toHaveLength(2);
});

test('calls at the same time are one payment', async () => {
  const window = indebted(COOKIE_SESSION);
  const context = createContext(window);
  await Promise.all([payOwedLogout(context), payOwedLogout(context)]);
  expect(window.requests).toHaveLength(1);
});

test('two tabs at the same time: the second hears that it is done', async () => {
  const window = indebted(COOKIE_SESSION);
  const first = payOwedLogout(createContext(window));
  window.answer('POST /api/logout', failure(401, '未登录'));
  await Promise.all([first, payOwedLogout(createContext(window))]);
  expect(owedLogouts(window.localStorage)).toEqual([]);
});

test('what another tab comes to owe meanwhile stays owed', async () => {
  const window = indebted('jwt-1');
  const paying = payOwedLogout(createContext(window));
  oweLogout(window.localStorage, 'jwt-2');
  window.answer('POST /api/logout', 'offline');
  await paying;
  expect(owedLogouts(window.localStorage)).toContain('jwt-2');
});

test('who logged in since then, by whatever means, is not logged out', async () => {
  const window = indebted(COOKIE_SESSION);
  saveUser(window.localStorage, aUser());
  await payOwedLogout(createContext(window));
  expect(window.requests).toEqual([]);
  expect(owedLogouts(window.localStorage)).toEqual([]);
});

test('a login that is just being finished comes first', async () => {
  const window = indebted(COOKIE_SESSION);
  const context = createContext(window);
  let finish = (): void => {};
  const result = new Promise<null>((resolve) => {
    finish = () => resolve(null);
  });
  context.flights.callback = { code: 'C1', result };
  const paying = payOwedLogout(context);
  saveUser(window.localStorage, aUser());
  finish();
  await paying;
  expect(window.requests).toEqual([]);
});

test('a login that failed leaves the debt to be paid', async () => {
  const window = indebted(COOKIE_SESSION);
  const context = createContext(window);
  context.flights.callback = { code: 'C1', result: Promise.reject(new Error('no')) };
  await payOwedLogout(context);
  expect(window.requests).toHaveLength(1);
});

test('a store that cannot be read is not our failure', async () => {
  const window = indebted();
  const context = createContext(window);
  window.localStorage.getItem = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  await expect(payOwedLogout(context)).resolves.toBeUndefined();
});
