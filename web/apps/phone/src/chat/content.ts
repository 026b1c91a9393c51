import { el } from '@weiqiao/page/dom';
import { richText } from '../model/chat/rich-text';
import type { Received } from '../model/chat/types';
import type { Template } from '../model/types';
import { type IconName, icon } from './icon';
import { menuCard } from './menu-card';
import { newsCard } from './news-card';
import { notificationCard } from './notification-card';
import { field, fileUrl, inner, picture, pieces, type Taps } from './parts';

/** What a received message looks like, by its type. */
export function content(
  message: Received,
  sender: string,
  templates: readonly Template[],
  taps: Taps,
): HTMLElement {
  const { content: of, type } = message;
  if (message.channel === 'template' || message.channel === 'subscription')
    return notificationCard(message, sender, templates, taps);
  switch (type) {
    case 'text':
    case 'notice':
      return el('div', { class: 'words' }, ...pieces(richText(field(of, 'content')), taps));
    case 'image':
      return picture(fileUrl(field(of, 'media_id')), '图片');
    case 'voice':
      return titled('voice', '语音消息', '');
    case 'video':
      return titled('video', field(of, 'title') || '视频', field(of, 'description'));
    case 'music':
      return titled('music', field(of, 'title') || '音乐', field(of, 'description'));
    case 'news':
      return newsCard(of, taps);
    case 'msgmenu':
      return menuCard(of, taps);
    case 'link':
      return inner(titled('link', field(of, 'title'), field(of, 'description')), 'card-tap', () =>
        taps.open(field(of, 'url')),
      );
    case 'miniprogrampage':
      return inner(titled('mini', field(of, 'title'), '小程序'), 'card-tap', () =>
        taps.openMini(field(of, 'appid'), field(of, 'pagepath')),
      );
    case 'mpnews':
    case 'mpnewsarticle':
      return titled('news', '图文消息', field(of, 'media_id') || field(of, 'article_id'));
    case 'wxcard':
      return titled('card', '卡券', field(of, 'card_id'));
    default:
      return el('div', { class: 'words' }, `[${type}]`);
  }
}

function titled(name: IconName, title: string, detail: string): HTMLElement {
  return el(
    'div',
    { class: 'titled' },
    icon(name),
    el('span', {}, el('strong', {}, title), detail && el('span', { class: 'muted' }, detail)),
  );
}
