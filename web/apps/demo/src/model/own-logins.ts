/**
 * The states of logins this browser began here, in every tab. The SDK remembers those of its tab; this page also wants to
 * know, in a tab without memory, whether a `code` in its address is its own doing: a login it did not begin is somebody
 * else's, and is not submitted, however tolerant the service is.
 */
const KEY = 'weiqiao_demo_states';

/** The service keeps as many live states per browser. */
const KEPT = 5;

export function rememberOwnState(storage: Pick<Storage, 'getItem' | 'setItem'>, state: string): void {
  storage.setItem(KEY, JSON.stringify([state, ...ownStates(storage)].slice(0, KEPT)));
}

/** Newest first; nothing where the browser keeps nothing. */
export function ownStates(storage: Pick<Storage, 'getItem'>): string[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  } catch {
    return [];
  }
}
