import { el } from '@weiqiao/page/dom';
import { notification } from '../model/chat/notification';
import type { Received } from '../model/chat/types';
import type { Template } from '../model/types';
import { icon } from './icon';
import { inner, type Taps } from './parts';

/** A template message or subscription notification: who sends it, title, fields, and where it leads. */
export function notificationCard(
  message: Received,
  sender: string,
  templates: readonly Template[],
  taps: Taps,
): HTMLElement {
  const { title, fields, target } = notification(message, templates);
  const open = () => {
    if (!target) return;
    if ('url' in target) taps.open(target.url);
    else taps.openMini(target.appid, target.page);
  };
  return el(
    'div',
    { class: 'notification' },
    el('p', { class: 'notification-from' }, icon('bell'), sender, el('span', {}, '服务通知')),
    el('strong', {}, title),
    el(
      'dl',
      { class: 'facts' },
      ...fields.map(({ name, value }) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
    ),
    target && inner('url' in target ? '查看详情' : '进入小程序', 'card-more', open),
  );
}
