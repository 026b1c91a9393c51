import type { KeyValueStorage } from '../types';

/** Session-storage keys of the SDK itself. */
export const STATES_KEY = 'weiqiao_login_states';
export const DONE_KEY = 'weiqiao_login_done';

// A user may press back and start again; the service keeps as many live states per browser.
const KEPT = 5;

/** Remembers a state the service issued to this tab. */
export function rememberState(tab: KeyValueStorage, state: string): void {
  tab.setItem(STATES_KEY, JSON.stringify([state, ...issuedStates(tab)].slice(0, KEPT)));
}

/** The states of logins started in this tab, newest first. */
export function issuedStates(tab: KeyValueStorage): string[] {
  try {
    const value: unknown = JSON.parse(tab.getItem(STATES_KEY) ?? '[]');
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * An early check only: the service verifies every state against the browser's cookie. WeChat may finish a login in a
 * fresh web view without this tab's storage; then there is nothing to compare and the service decides alone.
 */
export function contradictsState(tab: KeyValueStorage, state: string): boolean {
  const issued = issuedStates(tab);
  return issued.length > 0 && !issued.includes(state);
}
