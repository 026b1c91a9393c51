import { expect, test } from 'vitest';
import type { Account } from '../types';
import { chatToOpen } from './chat-to-open';
import { NO_CHATS, withRead, withReceived } from './chats';
import { received } from './samples';

const accounts = ['official', 'mini'].map((name) => ({ name }) as Account);
const open = (chats: typeof NO_CHATS, chat: string | null) => chatToOpen(chats, accounts, 'xiaoming', chat);

test('news elsewhere are opened, news here keep the chat, the list stays the list', () => {
  const elsewhere = withReceived(NO_CHATS, received({ id: 1, account: 'mini' }));
  expect(open(NO_CHATS, null)).toBeNull();
  expect(open(elsewhere, null)).toBe('mini');
  expect(open(elsewhere, 'official')).toBe('mini');
  expect(open(elsewhere, '')).toBe('');
  const both = withReceived(elsewhere, received({ id: 2, account: 'official' }));
  expect(open(both, null)).toBeNull();
  expect(open(withRead(elsewhere, 'xiaoming', 'mini'), null)).toBeNull();
});
