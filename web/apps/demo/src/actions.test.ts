import { type AuthStatus, type Client, createClient, WeiqiaoError } from '@weiqiao/browser';
import { Store } from '@weiqiao/page/store';
import { beforeEach, expect, test, vi } from 'vitest';
import { createActions, recordExchange } from './actions';
import { sessionStatus } from './model/session-status';
import { initialState } from './state';

const NOBODY: AuthStatus = { authenticated: false, needAuth: true, reason: 'never_logged_in', user: null };

beforeEach(() => {
  vi.stubGlobal('location', { href: 'http://127.0.0.1:3001/wechat/demo' });
  vi.stubGlobal('history', { state: null, replaceState: () => {} });
});

function aPage(changes: Partial<Client>) {
  const store = new Store(initialState());
  const client = { ...createClient(), handleCallback: async () => null, checkAuth: async () => NOBODY };
  return { store, actions: createActions(store, { ...client, ...changes }) };
}

test.each([
  new WeiqiaoError('SERVICE_UNAVAILABLE', '数据库不可用', { status: 503 }),
  new WeiqiaoError('NETWORK_FAILED', '网络不通'),
  new WeiqiaoError('INVALID_REQUEST', '请求参数错误', { status: 400 }),
])('a check that fails ($code) is over, and can be repeated', async (error) => {
  const checkAuth = vi.fn(async () => NOBODY).mockRejectedValueOnce(error);
  const { store, actions } = aPage({ checkAuth });
  await actions.open();
  expect(sessionStatus(store.state)).toMatchObject({ label: '没能检查', askAgain: true });
  expect(store.state.problem).not.toBeNull();
  await actions.check();
  expect(sessionStatus(store.state).label).toBe('未登录');
  expect(store.state.problem).toBeNull();
});

test('a new login that cannot begin leaves the page saying that nobody is logged in', async () => {
  const { store, actions } = aPage({
    logout: async () => {},
    login: () => Promise.reject(new WeiqiaoError('NETWORK_FAILED', '网络不通')),
  });
  await actions.relogin();
  expect(sessionStatus(store.state).label).toBe('未登录');
});

test('a login refused at this address names the address of the service', async () => {
  const { store, actions } = aPage({
    login: () => Promise.reject(new WeiqiaoError('REDIRECT_NOT_ALLOWED', '', { status: 400 })),
  });
  store.update({
    config: {
      mode: 'open',
      emulated: true,
      jweixinUrl: undefined,
      account: undefined,
      publicUrl: 'http://localhost:3001/',
    },
  });
  await actions.login();
  expect(store.state.problem?.link).toBe('http://localhost:3001/wechat/demo');
});

test('in a browser that blocks storage the page opens, and the button says why nothing begins', async () => {
  const denied = {
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  };
  const blocked = Object.defineProperties({ location }, { localStorage: denied, sessionStorage: denied });
  vi.stubGlobal('window', blocked);
  const { store, actions } = aPage({ ...createClient() });
  await actions.open();
  expect(sessionStatus(store.state).label).toBe('未登录');
  recordExchange(store, {
    method: 'GET',
    path: '/api/wechat/authorize-url',
    status: 200,
    durationMs: 1,
    responseBody: { data: { state: 'S1' } },
  });
  await actions.login();
  expect(store.state.problem?.what).toBe('浏览器不让本页保存登录');
});
