import { el } from '@weiqiao/page/dom';
import type { Account } from '../model/types';

/** The top of a chat: back to the list, whom it is with, and what else can be done. */
export function chatHeader(
  key: number,
  account: Account,
  others: number,
  more: boolean,
  taps: { back(): void; more(): void },
): HTMLElement {
  return el(
    'header',
    { class: 'chat-head' },
    el(
      'button',
      { id: `chats-${key}`, type: 'button', class: 'plain', 'aria-label': '全部聊天', onclick: taps.back },
      '‹',
      others > 0 && el('span', { class: 'dot', 'aria-label': `${others} 条未读` }, String(others)),
    ),
    el('h2', {}, account.title),
    el(
      'button',
      {
        id: `more-${key}`,
        type: 'button',
        class: 'plain',
        'aria-label': '更多',
        'aria-expanded': String(more),
        onclick: taps.more,
      },
      '⋯',
    ),
  );
}
