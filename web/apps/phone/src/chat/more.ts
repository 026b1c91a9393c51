import { el } from '@weiqiao/page/dom';
import { MODES } from '../model/chat/describe';
import type { Account } from '../model/types';

/** What the ⋯ of a chat offers, and where the account's messages are pushed. */
export function morePanel(
  key: number,
  account: Account,
  following: boolean,
  taps: { scan(): void; follow(following: boolean): void; leave(): void },
): HTMLElement {
  return el(
    'div',
    { class: 'chat-panel' },
    el(
      'div',
      { class: 'row' },
      el(
        'button',
        { id: `more-scan-${key}`, type: 'button', class: 'small', onclick: taps.scan },
        '扫带参二维码',
      ),
      el(
        'button',
        {
          id: `more-follow-${key}`,
          type: 'button',
          class: following ? 'small danger' : 'small',
          onclick: () => taps.follow(!following),
        },
        following ? '取消关注' : '关注',
      ),
      el('button', { id: `more-close-${key}`, type: 'button', class: 'small', onclick: taps.leave }, '收起'),
    ),
    el(
      'dl',
      { class: 'facts' },
      fact('服务器地址', account.callback_url ?? '未配置'),
      fact('消息加解密', account.callback_url ? MODES[account.callback_mode] : '—'),
      fact('AppID', account.app_id),
    ),
  );
}

const fact = (label: string, value: string): HTMLElement =>
  el('div', {}, el('dt', {}, label), el('dd', {}, value));
