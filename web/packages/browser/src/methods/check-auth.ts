import type { Context } from '../context';
import { loginUnderWay } from '../helpers/login-under-way';
import { payOwedLogout } from '../helpers/pay-owed-logout';
import { request } from '../helpers/request';
import { clearSession, loadOpenid, loadUser, saveUser } from '../helpers/session-store';
import { WeiqiaoError } from '../helpers/weiqiao-error';
import type { AuthStatus, UserInfo } from '../types';

const NEVER_LOGGED_IN: AuthStatus = {
  authenticated: false,
  needAuth: true,
  reason: 'never_logged_in',
  user: null,
};

/**
 * Whether the login kept in this browser still counts: the service knows the openid and its 24 hours are not over.
 * Rejects when the service cannot answer: a database that is down is not a user who is logged out.
 * A log-out the service has not heard of yet is told first; that it fails again changes nothing here.
 * What the service does not even take for an openid was left here by something else: it is dropped, nobody is logged in.
 */
export async function checkAuth(context: Context): Promise<AuthStatus> {
  if (!loginUnderWay(context)) await payOwedLogout(context);
  const openid = loadOpenid(context.store);
  if (!openid) return { ...NEVER_LOGGED_IN };
  let answer: { exists: boolean; need_auth: boolean; user_info?: UserInfo };
  try {
    answer = await request(context, { method: 'GET', path: `/api/user/${encodeURIComponent(openid)}` });
  } catch (error) {
    if (!isNoOpenid(error)) throw error;
    clearSession(context.store);
    return { ...NEVER_LOGGED_IN };
  }
  // Logged out while we asked: the answer must not bring the profile back.
  if (!loadOpenid(context.store)) return { ...NEVER_LOGGED_IN };
  if (!answer.exists) {
    clearSession(context.store);
    return { authenticated: false, needAuth: true, reason: 'unknown_user', user: null };
  }
  if (answer.user_info) saveUser(context.store, answer.user_info);
  const user = answer.user_info ?? loadUser(context.store);
  if (answer.need_auth) return { authenticated: false, needAuth: true, reason: 'expired', user };
  return { authenticated: true, needAuth: false, reason: 'valid', user };
}

function isNoOpenid(error: unknown): boolean {
  if (!(error instanceof WeiqiaoError) || error.details.status !== 400) return false;
  return error.details.fields?.includes('openid') ?? false;
}
