import { el } from '@weiqiao/page/dom';
import type { ShareCard } from '../model/types';

/** The card the page has set, as a chat would show it. */
export function shareSheet(card: ShareCard): HTMLElement {
  const place = card.api === 'updateTimelineShareData' ? '朋友圈' : '发给朋友';
  return el(
    'details',
    { id: `share-${card.id}` },
    el('summary', {}, '页面设置了分享卡片', el('span', { class: 'pill green' }, place)),
    el(
      'div',
      { class: 'share-card' },
      el('strong', {}, card.title || '（没有标题）'),
      el('span', { class: 'muted' }, card.desc),
      el('code', {}, card.link),
    ),
  );
}
