import { el } from '@weiqiao/page/dom';
import { type Chats, chatKey, unread } from '../model/chat/chats';
import { preview } from '../model/chat/preview';
import type { Received } from '../model/chat/types';
import { showTime } from '../model/time';
import type { Account, Persona } from '../model/types';
import { accountAvatar } from './parts';

/** The accounts a person can chat with, with the last thing each has said. */
export function chatList(
  key: number,
  persona: Persona,
  accounts: readonly Account[],
  chats: Chats,
  open: (account: string) => void,
): HTMLElement {
  return el(
    'ul',
    { class: 'chat-list' },
    ...accounts.map((account) => {
      const fresh = unread(chats, persona.id, account.name);
      const last = lastOf(chats, persona.id, account.name);
      return el(
        'li',
        {},
        el(
          'button',
          { id: `open-${key}-${account.name}`, type: 'button', onclick: () => open(account.name) },
          accountAvatar(account.title),
          el(
            'span',
            { class: 'chat-row' },
            el('strong', {}, account.title),
            el('span', { class: 'muted' }, last ? preview(last) : standing(persona, account)),
          ),
          last && el('span', { class: 'muted' }, showTime(last.at_ms).slice(0, 5)),
          fresh > 0 && el('span', { class: 'dot', 'aria-label': `${fresh} 条未读` }, String(fresh)),
        ),
      );
    }),
  );
}

function lastOf(chats: Chats, persona: string, account: string): Received | undefined {
  const key = chatKey(persona, account);
  return chats.received.filter((one) => chatKey(one.persona, one.account) === key).at(-1);
}

const standing = (persona: Persona, account: Account): string =>
  account.name in persona.follows ? '已关注，还没有消息' : '还没有关注';
