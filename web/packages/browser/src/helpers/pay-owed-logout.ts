import type { Context } from '../context';
import { endSession } from './end-session';
import { COOKIE_SESSION, owedLogouts, settleLogout } from './owed-logouts';
import { loadOpenid } from './session-store';

/**
 * Tells the service of log-outs it could not be told of before. Calls at the same time are one payment. Never rejects:
 * what could not be paid stays owed, and is no failure of the call that comes after.
 */
export function payOwedLogout(context: Context): Promise<void> {
  context.flights.payment ??= pay(context).finally(() => {
    delete context.flights.payment;
  });
  return context.flights.payment;
}

async function pay(context: Context): Promise<void> {
  try {
    if (owedLogouts(context.store).length === 0) return;
    // A login that succeeds in between makes the cookie's debt void.
    await context.flights.callback?.result.catch(() => null);
    await Promise.allSettled(owedLogouts(context.store).map((session) => payOne(context, session)));
  } catch {
    // The store cannot be read; whoever needs it will say so.
  }
}

async function payOne(context: Context, session: string): Promise<void> {
  if (session !== COOKIE_SESSION) await endSession(context, { bearer: session });
  // A log-out leaves no profile. Who is here logged in later, perhaps without this SDK, and has the cookie now.
  else if (!loadOpenid(context.store)) await endSession(context, { bearer: null });
  settleLogout(context.store, session);
}
