import type { Account } from '../types';
import { openAccount } from './accounts';
import { type Chats, unread } from './chats';

/** Which chat the chat tab opens with: the open one, unless the only news is in another. */
export function chatToOpen(
  chats: Chats,
  accounts: readonly Account[],
  persona: string,
  open: string | null,
): string | null {
  const current = openAccount(accounts, open);
  if (!current || unread(chats, persona, current.name) > 0) return open;
  const news = chats.received.filter(
    (one) => one.persona === persona && unread(chats, persona, one.account) > 0,
  );
  return news.at(-1)?.account ?? open;
}
