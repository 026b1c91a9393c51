import { el } from '@weiqiao/page/dom';
import { avatar } from '../avatar';
import { eventTitle, messageText } from '../model/chat/describe';
import { type Progress, progress } from '../model/chat/progress';
import type { Item } from '../model/chat/timeline';
import type { Delivery } from '../model/chat/types';
import { showTime } from '../model/time';
import type { Persona, Template } from '../model/types';
import { content } from './content';
import { icon, isIcon } from './icon';
import { accountAvatar, field, type Taps } from './parts';

/** Whose chat it is. */
export interface Between {
  key: number;
  persona: Persona;
  /** The account's name for people. */
  title: string;
  templates: readonly Template[];
  /** How often WeChat tries. */
  most: number;
}

const CHANNELS = {
  reply: '被动回复',
  customer_service: '客服消息',
  template: '模板消息',
  subscription: '订阅通知',
  system: '微信提示',
} as const;

/** One item of a chat, with how to see everything about it. */
export function chatItem(item: Item, between: Between, taps: Taps): HTMLElement {
  if (item.side === 'note') return note(item, between, taps);
  const own = item.side === 'out';
  const line = el('div', { class: 'chat-line' });
  line.append(own ? avatar(between.persona) : accountAvatar(between.title), side(item, between, taps));
  return el('li', { class: `chat-item ${item.side}`, 'data-item': item.id }, line);
}

function side(item: Item, between: Between, taps: Taps): HTMLElement {
  const { delivery, received } = item;
  const bubble = received
    ? el(
        'div',
        { class: `bubble ${received.channel}` },
        content(received, between.title, between.templates, taps),
      )
    : el('div', { class: 'bubble' }, ...(delivery ? words(delivery) : []));
  const state = received || !delivery ? null : progress(delivery, between.most);
  // The same as the button below it, for those who point.
  bubble.addEventListener('click', () => {
    // Selecting words is no tap.
    if (getSelection()?.isCollapsed !== false) taps.inspect(item.id);
  });
  return el(
    'div',
    { class: 'chat-side' },
    bubble,
    state && attempts(state),
    el(
      'p',
      { class: 'chat-meta' },
      state && standing(state),
      el('span', {}, meta(item)),
      el(
        'button',
        {
          id: `see-${between.key}-${item.id}`,
          type: 'button',
          class: 'raw',
          'aria-label': '查看原始内容',
          onclick: () => taps.inspect(item.id),
        },
        '原文 ›',
      ),
    ),
  );
}

function words(delivery: Delivery): HTMLElement[] {
  const { text, detail } = messageText(delivery);
  return [
    el('div', { class: 'words' }, isIcon(delivery.type) && icon(delivery.type), text),
    ...(detail ? [el('div', { class: 'words detail' }, detail)] : []),
  ];
}

function meta({ received, at_ms }: Item): string {
  const time = showTime(at_ms).slice(0, 5);
  if (!received) return time;
  const by = received.kf_account
    ? `${CHANNELS[received.channel]} · ${received.kf_account}`
    : CHANNELS[received.channel];
  return `${by} · ${time}`;
}

/** The attempts one by one, when there was trouble. */
function attempts({ steps }: Progress): HTMLElement | null {
  if (steps.length === 0) return null;
  return el('ol', { class: 'tries' }, ...steps.map(({ state, text }) => el('li', { class: state }, text)));
}

/** How it stands; while an attempt is being made that says it already. */
function standing({ text, tone, running, steps }: Progress): HTMLElement | null {
  if (running && steps.length > 0) return null;
  return el('span', { class: `standing ${tone}${running ? ' running' : ''}` }, text);
}

function note(item: Item, between: Between, taps: Taps): HTMLElement {
  const { delivery, received } = item;
  const transfer = received && field(received.content, 'kf_account');
  const text = received
    ? `已转接人工客服${transfer ? `（${transfer}）` : '，等待接入'}`
    : delivery
      ? eventTitle(delivery)
      : '';
  const state = !received && delivery ? progress(delivery, between.most) : null;
  return el(
    'li',
    { class: 'chat-item note', 'data-item': item.id },
    el(
      'button',
      {
        id: `see-${between.key}-${item.id}`,
        type: 'button',
        class: 'chip',
        onclick: () => taps.inspect(item.id),
      },
      text,
    ),
    state && attempts(state),
    state && standing(state),
  );
}
