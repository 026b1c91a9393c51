import type { Context } from '../context';
import { loadUser } from '../helpers/session-store';
import type { UserInfo } from '../types';

/** The profile kept in this browser, without asking anyone; `checkAuth()` says whether it still counts. */
export function getUser(context: Context): UserInfo | null {
  return loadUser(context.store);
}
