import type { KeyValueStorage } from '../types';
import { OWED_KEY } from './session-store';

/** A session in the cookie, which no script can name. Any other entry is a token. */
export const COOKIE_SESSION = '1';

// Only a service that fails for days lets them gather; a token is over by itself within one.
const KEPT = 5;

/** The sessions that were to end but that the service could not be told of, newest first. */
export function owedLogouts(store: KeyValueStorage): string[] {
  return (store.getItem(OWED_KEY) ?? '').split(/\s+/).filter(Boolean);
}

/** Leaves the mark. A browser that does not take it must not hide why the log-out failed. */
export function oweLogout(store: KeyValueStorage, session: string): void {
  try {
    const others = owedLogouts(store).filter((one) => one !== session);
    store.setItem(OWED_KEY, [session, ...others].slice(0, KEPT).join(' '));
  } catch {
    // Nothing is kept here.
  }
}

/** Takes out this one only: another tab may have added its own meanwhile. */
export function settleLogout(store: KeyValueStorage, session: string): void {
  const owed = owedLogouts(store);
  if (!owed.includes(session)) return;
  const others = owed.filter((one) => one !== session);
  if (others.length === 0) store.removeItem(OWED_KEY);
  else store.setItem(OWED_KEY, others.join(' '));
}
