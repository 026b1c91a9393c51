import { expect, test } from 'vitest';
import type { Account, Persona, World } from '../types';
import { chatAccounts, mayWrite, openAccount } from './accounts';
import { NO_CHATS } from './chats';
import { received } from './samples';

const account = (name: string, kind: Account['kind']) => ({ name, kind }) as Account;
const world = {
  accounts: [account('official', 'official'), account('mini', 'mini'), account('website', 'website')].map(
    (one) => ({ account: one }),
  ),
} as World;

test('official accounts are there from the start, a mini program once it has written', () => {
  const names = (chats = NO_CHATS) => chatAccounts(world, chats, 'xiaoming').map(({ name }) => name);
  expect(names()).toEqual(['official']);
  expect(names({ ...NO_CHATS, received: [received({ account: 'mini', persona: 'xiaohong' })] })).toEqual([
    'official',
  ]);
  expect(names({ ...NO_CHATS, received: [received({ account: 'mini' })] })).toEqual(['official', 'mini']);
});

test('the first chat is open unless the list or another is wanted', () => {
  const accounts = world.accounts.map((one) => one.account);
  expect(openAccount(accounts, null)?.name).toBe('official');
  expect(openAccount(accounts, 'mini')?.name).toBe('mini');
  expect(openAccount(accounts, '')).toBeNull();
  expect(openAccount(accounts, 'gone')).toBeNull();
  expect(openAccount([], null)).toBeNull();
});

test('an official account hears only its followers', () => {
  const persona = { follows: { official: '2026-01-01T00:00:00Z' } as Record<string, string> } as Persona;
  expect(mayWrite(persona, account('official', 'official'))).toBe(true);
  expect(mayWrite(persona, account('shop', 'official'))).toBe(false);
  expect(mayWrite(persona, account('mini', 'mini'))).toBe(true);
});
