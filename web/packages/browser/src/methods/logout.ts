import type { Context } from '../context';
import { endSession } from '../helpers/end-session';
import { COOKIE_SESSION, oweLogout, settleLogout } from '../helpers/owed-logouts';
import { clearSession, loadToken } from '../helpers/session-store';

/**
 * Ends the session at the service and forgets the profile here. The browser forgets in any case; a rejection means
 * that the service could not be told. The log-out is owed then: `checkAuth()` and `login()` tell the service before
 * anything else, so that its session does not outlive the next visit.
 */
export async function logout(context: Context): Promise<void> {
  const token = context.options.session === 'token' ? loadToken(context.store) : null;
  const session = token || COOKIE_SESSION;
  try {
    await endSession(context);
  } catch (error) {
    // First forget, then mark: who finds a profile beside the mark knows that it came later.
    forget(context);
    oweLogout(context.store, session);
    throw error;
  }
  forget(context);
  settleLogout(context.store, session);
}

function forget(context: Context): void {
  clearSession(context.store);
  delete context.flights.callback;
}
