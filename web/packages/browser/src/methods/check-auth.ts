import type { Context } from '../context';
import { request } from '../helpers/request';
import { clearSession, loadOpenid, loadUser, saveUser } from '../helpers/session-store';
import type { AuthStatus, UserInfo } from '../types';

/**
 * Whether the login kept in this browser still counts: the service knows the openid and its 24 hours are not over.
 * Rejects when the service cannot answer: a database that is down is not a user who is logged out.
 */
export async function checkAuth(context: Context): Promise<AuthStatus> {
  const openid = loadOpenid(context.store);
  if (!openid) return { authenticated: false, needAuth: true, reason: 'never_logged_in', user: null };
  const answer = await request<{ exists: boolean; need_auth: boolean; user_info?: UserInfo }>(context, {
    method: 'GET',
    path: `/api/user/${encodeURIComponent(openid)}`,
  });
  if (!answer.exists) {
    clearSession(context.store);
    return { authenticated: false, needAuth: true, reason: 'unknown_user', user: null };
  }
  if (answer.user_info) saveUser(context.store, answer.user_info);
  const user = answer.user_info ?? loadUser(context.store);
  if (answer.need_auth) return { authenticated: false, needAuth: true, reason: 'expired', user };
  return { authenticated: true, needAuth: false, reason: 'valid', user };
}
