import type { Account, Persona, World } from '../types';
import type { Chats } from './chats';

/** Whom a person can chat with: official accounts, and mini programs that have written. */
export function chatAccounts(world: World, chats: Chats, persona: string): Account[] {
  const wrote = new Set(
    chats.received.filter((one) => one.persona === persona).map(({ account }) => account),
  );
  return world.accounts
    .map(({ account }) => account)
    .filter(({ kind, name }) => kind === 'official' || (kind === 'mini' && wrote.has(name)));
}

/** The chat that is open; null: the list. `wanted` null means whichever comes first. */
export function openAccount(accounts: readonly Account[], wanted: string | null): Account | null {
  if (wanted === null) return accounts[0] ?? null;
  return accounts.find(({ name }) => name === wanted) ?? null;
}

/** Whether a person may write to an account: mini programs need no following. */
export const mayWrite = (persona: Persona, account: Account): boolean =>
  account.kind !== 'official' || account.name in persona.follows;
