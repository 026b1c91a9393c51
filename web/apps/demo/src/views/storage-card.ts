import { el } from '@weiqiao/page/dom';
import { mask } from '@weiqiao/page/format';
import { redact } from '../model/redact';
import { cardTitle } from './card-title';

/** What the login left in this browser, as a developer would look it up. */
export function storageCard(storage: Pick<Storage, 'getItem'>): HTMLElement[] {
  const openid = storage.getItem('wechat_openid');
  const user = storage.getItem('wechat_user_info');
  return [
    cardTitle('这个浏览器里存了什么', 'What is stored'),
    el(
      'dl',
      { class: 'facts tall' },
      row('wechat_openid', openid ? mask(openid) : null),
      row('wechat_user_info', user ? pretty(user) : null),
      el(
        'div',
        {},
        el('dt', {}, el('code', {}, 'weiqiao_session')),
        el('dd', { class: 'muted' }, 'HttpOnly Cookie：脚本读不到，也就偷不走'),
      ),
    ),
  ];
}

function row(key: string, value: string | null): HTMLElement {
  return el(
    'div',
    {},
    el('dt', {}, el('code', {}, key)),
    el('dd', {}, value === null ? el('span', { class: 'muted' }, '（空）') : content(key, value)),
  );
}

function content(key: string, value: string): HTMLElement {
  if (!value.includes('\n')) return el('pre', {}, value);
  return el('details', { id: `stored-${key}` }, el('summary', {}, '查看内容'), el('pre', {}, value));
}

function pretty(text: string): string {
  try {
    return JSON.stringify(redact(JSON.parse(text)), null, 2);
  } catch {
    return '（不是 JSON）';
  }
}
