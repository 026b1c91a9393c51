import type { Context } from '../context';
import { cleanUrl, readCallbackUrl } from '../helpers/callback-url';
import { contradictsState, DONE_KEY, issuedStates } from '../helpers/issued-states';
import { COOKIE_SESSION, settleLogout } from '../helpers/owed-logouts';
import { request } from '../helpers/request';
import { loadUser, saveToken, saveUser } from '../helpers/session-store';
import { WeiqiaoError } from '../helpers/weiqiao-error';
import type { UserInfo } from '../types';

/**
 * Finishes a login on the page WeChat came back to; null when this page load is no callback. Safe to call at every
 * load and several times: one code is posted once, repeated calls (React StrictMode, double effects, the back button)
 * get the same answer. Afterwards the address no longer has `code` and `state`; they stay only while trying again can
 * help, so that a reload does just that.
 */
export function handleCallback(context: Context): Promise<UserInfo | null> {
  const found = readCallbackUrl(context.window.location.href);
  switch (found.kind) {
    case 'code':
      return once(context, found.code, () => exchange(context, found.code, found.state));
    case 'returned':
      return once(context, `wechat_auth=${found.outcome}`, () => readOutcome(context, found.outcome));
    case 'state_only':
      // WeChat comes back with only the state when a person declines; another page's `state` is none of our business.
      if (issuedStates(context.tab).includes(found.state))
        return once(context, found.state, () => denied(context));
  }
  return context.flights.callback?.result ?? Promise.resolve(null);
}

function once(context: Context, code: string, run: () => Promise<UserInfo | null>): Promise<UserInfo | null> {
  const underWay = context.flights.callback;
  if (underWay?.code === code) return underWay.result;
  const result = run();
  context.flights.callback = { code, result };
  result.then(
    () => tidyAddress(context),
    (error: unknown) => {
      if (error instanceof WeiqiaoError && error.retryable) delete context.flights.callback;
      else tidyAddress(context);
    },
  );
  return result;
}

async function exchange(context: Context, code: string, state: string): Promise<UserInfo | null> {
  if (context.tab.getItem(DONE_KEY) === code) return loadUser(context.store);
  if (contradictsState(context.tab, state)) {
    throw new WeiqiaoError('STATE_MISMATCH', '登录状态校验失败：返回的 state 不是这个页面发出的，请重新登录');
  }
  // No log-out is told from here on: its answer would take back the cookie the state is bound to, or the new session.
  await context.flights.payment;
  const answer = await request<{ user_info: UserInfo; token?: string }>(context, {
    method: 'POST',
    path: '/api/wechat/auth',
    body: { code, state },
  });
  keepUser(context, answer.user_info);
  if (context.options.session === 'token' && answer.token) saveToken(context.store, answer.token);
  context.tab.setItem(DONE_KEY, code);
  return answer.user_info;
}

/** The service's full-page login (`/wechat/auth`) has already logged in and says so in `wechat_auth`. */
async function readOutcome(context: Context, outcome: string): Promise<UserInfo | null> {
  if (outcome === 'denied') return denied(context);
  const answer = await request<{ user_info?: UserInfo }>(context, { method: 'GET', path: '/api/me' });
  if (!answer.user_info) throw new WeiqiaoError('BAD_RESPONSE', '服务没有返回用户信息');
  keepUser(context, answer.user_info);
  return answer.user_info;
}

/** The login has replaced the session in the cookie: to end that one is no longer owed. A token still is. */
function keepUser(context: Context, user: UserInfo): void {
  saveUser(context.store, user);
  settleLogout(context.store, COOKIE_SESSION);
}

async function denied(_context: Context): Promise<never> {
  throw new WeiqiaoError('LOGIN_DENIED', '用户没有同意授权');
}

function tidyAddress(context: Context): void {
  const { history, location } = context.window;
  const clean = cleanUrl(location.href);
  if (clean !== location.href) history.replaceState(history.state, '', clean);
}
