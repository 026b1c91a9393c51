import { type AuthStatus, type Client, createClient, type UserInfo, WeiqiaoError } from '@weiqiao/browser';
import { Store } from '@weiqiao/page/store';
import { beforeEach, expect, test, vi } from 'vitest';
import { createActions, recordExchange } from './actions';
import { loadJournal, saveJournal } from './model/journal';
import { LOGOUT_OWED } from './model/owed-logout';
import { sessionStatus } from './model/session-status';
import { initialState } from './state';

const USER: UserInfo = {
  openid: 'o-xiaoming',
  nickname: '小明',
  headimgurl: '',
  sex: 1,
  language: 'zh_CN',
  country: '',
  province: '',
  city: '',
  privilege: [],
  login_time: 1757062690,
  expires_at: 1757149090,
};

const NOBODY: AuthStatus = { authenticated: false, needAuth: true, reason: 'never_logged_in', user: null };

beforeEach(() => {
  vi.unstubAllGlobals();
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

/** A page somebody is logged in to, with the SDK itself; the service answers as told. */
function aLoggedInPage(answer: (path: string) => Response | Error) {
  const storage = () => {
    const values = new Map<string, string>();
    return {
      values,
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    };
  };
  const asked: string[] = [];
  const browser = {
    location: { href: 'http://127.0.0.1:3001/wechat/demo', assign: () => {} },
    history: { state: null, replaceState: () => {} },
    localStorage: storage(),
    sessionStorage: storage(),
    performance: { now: () => 0 },
    setTimeout: () => 0,
    clearTimeout: () => {},
    fetch: async (path: string) => {
      asked.push(path);
      const answered = answer(path);
      if (answered instanceof Error) throw answered;
      return answered;
    },
  };
  for (const [name, value] of Object.entries({ ...browser, window: browser })) vi.stubGlobal(name, value);
  browser.localStorage.setItem('wechat_openid', USER.openid);
  browser.localStorage.setItem('wechat_user_info', JSON.stringify(USER));
  saveJournal(browser.sessionStorage, { stored: true });
  const store = new Store(initialState());
  store.update({ auth: { authenticated: true, needAuth: false, reason: 'valid', user: USER } });
  return { store, asked, browser, actions: createActions(store, createClient()) };
}

const OFFLINE = new TypeError('fetch failed');
const LOGGED_OUT = () => Response.json({ success: true, data: {} });

test('a log-out the service did not hear of: nobody is logged in here, and the page says what is owed', async () => {
  let online = false;
  const { store, asked, browser, actions } = aLoggedInPage(() => (online ? LOGGED_OUT() : OFFLINE));
  await actions.logout();
  expect(sessionStatus(store.state).label).toBe('未登录');
  expect(store.state).toMatchObject({ auth: NOBODY, journal: {}, busy: null });
  expect(loadJournal(browser.sessionStorage)).toEqual({});
  expect([...browser.localStorage.values.keys()]).toEqual(['wechat_logout_owed']);
  expect(store.state.problem?.what).toBe(LOGOUT_OWED.what);
  expect(store.state.problem?.why).toContain('没有连上服务');
  expect(asked).toEqual(['/api/logout']);

  // Loaded again, the service still away.
  await actions.retry();
  expect(store.state.problem).toEqual(LOGOUT_OWED);
  online = true;
  await actions.retry();
  expect(store.state.problem).toBeNull();
  expect(browser.localStorage.values.size).toBe(0);
  expect(asked).toHaveLength(3);
});

test('a new login does not begin over a log-out the service did not hear of', async () => {
  const { store, asked, actions } = aLoggedInPage(() => OFFLINE);
  await actions.relogin();
  expect(asked).toEqual(['/api/logout']);
  expect(sessionStatus(store.state).label).toBe('未登录');
  expect(store.state.problem?.what).toBe(LOGOUT_OWED.what);
});

test('a log-out that arrives leaves no problem', async () => {
  const { store, browser, actions } = aLoggedInPage(LOGGED_OUT);
  await actions.logout();
  expect(store.state).toMatchObject({ auth: NOBODY, journal: {}, problem: null });
  expect(browser.localStorage.values.size).toBe(0);
});

test('a browser that will not forget still shows the login', async () => {
  const error = new WeiqiaoError('STORAGE_UNAVAILABLE', '');
  const { store, actions } = aPage({ logout: () => Promise.reject(error), getUser: () => USER });
  const auth: AuthStatus = { authenticated: true, needAuth: false, reason: 'valid', user: USER };
  store.update({ auth });
  await actions.logout();
  expect(store.state).toMatchObject({ auth, problem: { what: '浏览器不让本页保存登录' } });
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
