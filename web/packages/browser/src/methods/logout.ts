import type { Context } from '../context';
import { request } from '../helpers/request';
import { clearSession } from '../helpers/session-store';
import { WeiqiaoError } from '../helpers/weiqiao-error';

/**
 * Ends the session at the service and forgets the profile here. The browser forgets in any case; a rejection means
 * that the service could not be told, so its session lives on until it expires.
 */
export async function logout(context: Context): Promise<void> {
  try {
    await request(context, { method: 'POST', path: '/api/logout', body: {} });
  } catch (error) {
    // Nobody was logged in: that is what was asked for.
    if (!(error instanceof WeiqiaoError && error.code === 'UNAUTHORIZED')) throw error;
  } finally {
    clearSession(context.store);
    delete context.flights.callback;
  }
}
