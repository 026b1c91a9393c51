import type { KeyValueStorage, UserInfo } from '../types';

/** The documented storage keys. Pages written by hand read them too, so they never change. */
export const USER_KEY = 'wechat_user_info';
export const OPENID_KEY = 'wechat_openid';
/** Used only where a client asks for `session: 'token'`. */
export const TOKEN_KEY = 'wechat_token';
/** Log-outs the service has not heard of yet: see `owed-logouts`. Forgetting the login does not forget these. */
export const OWED_KEY = 'wechat_logout_owed';

export function saveUser(store: KeyValueStorage, user: UserInfo): void {
  store.setItem(USER_KEY, JSON.stringify(user));
  store.setItem(OPENID_KEY, user.openid);
}

/** The stored profile; null when there is none or someone else wrote nonsense there. */
export function loadUser(store: KeyValueStorage): UserInfo | null {
  try {
    const value: unknown = JSON.parse(store.getItem(USER_KEY) ?? 'null');
    return isUser(value) ? value : null;
  } catch {
    return null;
  }
}

export function loadOpenid(store: KeyValueStorage): string | null {
  return store.getItem(OPENID_KEY) || loadUser(store)?.openid || null;
}

export function saveToken(store: KeyValueStorage, token: string): void {
  store.setItem(TOKEN_KEY, token);
}

export function loadToken(store: KeyValueStorage): string | null {
  return store.getItem(TOKEN_KEY);
}

export function clearSession(store: KeyValueStorage): void {
  for (const key of [USER_KEY, OPENID_KEY, TOKEN_KEY]) store.removeItem(key);
}

function isUser(value: unknown): value is UserInfo {
  return typeof value === 'object' && value !== null && typeof (value as UserInfo).openid === 'string';
}
