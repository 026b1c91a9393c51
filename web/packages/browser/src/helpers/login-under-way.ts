import type { Context } from '../context';
import { readCallbackUrl } from './callback-url';

/**
 * Whether this page is leaving for a login or coming back from one. Ending a session now would hit that login: the
 * service takes back the cookie that binds its state, or the session it has just given.
 */
export function loginUnderWay(context: Context): boolean {
  if (context.flights.login) return true;
  const { kind } = readCallbackUrl(context.window.location.href);
  return kind === 'code' || kind === 'returned';
}
