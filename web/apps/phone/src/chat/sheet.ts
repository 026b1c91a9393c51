import { copyButton } from '@weiqiao/page/copy-button';
import { el } from '@weiqiao/page/dom';
import { eventTitle, MODES } from '../model/chat/describe';
import { prettyBody } from '../model/chat/pretty';
import { progress } from '../model/chat/progress';
import type { Item } from '../model/chat/timeline';
import type { Delivery, Received } from '../model/chat/types';
import { showMoment } from '../model/time';
import { attemptDetails, block } from './attempt';

/** Everything about one item: what WeChat pushed, how it was signed, what the service answered. */
export function itemSheet(item: Item, key: number, most: number, close: () => void): HTMLElement {
  const { delivery, received } = item;
  const title = received ? '收到的消息' : delivery?.kind === 'event' ? eventTitle(delivery) : '发出的消息';
  return el(
    'section',
    { class: 'chat-sheet', role: 'dialog', 'aria-label': title },
    el(
      'header',
      { class: 'chat-sheet-head' },
      el('h3', {}, title),
      el('button', { id: `sheet-close-${key}`, type: 'button', class: 'small', onclick: close }, '关闭'),
    ),
    el(
      'div',
      { class: 'chat-sheet-body' },
      ...(received ? receivedPart(received, delivery !== undefined) : []),
      ...(delivery ? deliveryPart(delivery, key, most) : []),
    ),
  );
}

function receivedPart(message: Received, answers: boolean): HTMLElement[] {
  const json = JSON.stringify({ type: message.type, ...message.content }, null, 2);
  return [
    ...block(`微信收到的内容（${message.type}）`, json),
    el('p', { class: 'muted' }, showMoment(message.at_ms)),
    ...(answers ? [el('h3', { class: 'rule' }, '它回答的是')] : []),
  ];
}

function deliveryPart(delivery: Delivery, key: number, most: number): HTMLElement[] {
  const { text, tone } = progress(delivery, most);
  const { format, attempts, remarks = [] } = delivery;
  return [
    el(
      'p',
      { class: 'badges' },
      el('span', { class: 'pill' }, `${delivery.type} #${delivery.id}`),
      el('span', { class: 'pill' }, `${MODES[delivery.mode]} · ${format.toUpperCase()}`),
      el('span', { class: `pill ${tone}` }, text),
    ),
    ...remarks.map((remark) => el('p', { class: 'meaning' }, remark)),
    ...block('消息体（解密后，逐行显示）', prettyBody(delivery.body)),
    copyButton(`copy-body-${key}`, '复制消息体', () => delivery.body),
    ...attempts.map((attempt, index) =>
      attemptDetails(attempt, most, `attempt-${key}-${delivery.id}-${index}`),
    ),
    ...(attempts.length === 0 && delivery.outcome === 'not_configured'
      ? [el('p', { class: 'muted' }, '没有推送过。给公众号配置服务器地址（callback_url）后再试。')]
      : []),
  ];
}
