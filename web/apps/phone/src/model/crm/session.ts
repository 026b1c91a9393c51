/** The session the service gave at login, as it is kept in the mini program's storage. */
export interface Session {
  openid: string;
  token: string;
  /** Epoch seconds. */
  expires_at: number;
}

export const SESSION_KEY = 'session';

/** Null for anything that is not a session, such as one edited by hand in the storage panel. */
export function readSession(value: unknown): Session | null {
  const session = value as Session | null;
  return typeof session?.openid === 'string' &&
    typeof session.token === 'string' &&
    typeof session.expires_at === 'number'
    ? session
    : null;
}
