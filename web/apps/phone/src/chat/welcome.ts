import { el } from '@weiqiao/page/dom';
import type { Account } from '../model/types';
import { accountAvatar } from './parts';

/** A chat with an account nobody follows: who it is, and what to do. */
export function welcome(
  key: number,
  account: Account,
  before: boolean,
  taps: { follow(): void; scan(): void },
): HTMLElement {
  return el(
    'div',
    { class: 'welcome' },
    accountAvatar(account.title),
    el('p', { class: 'nickname' }, account.title),
    el('p', { class: 'muted' }, before ? '已经取消关注，收不到它的消息了。' : '还没有关注这个公众号。'),
    el(
      'div',
      { class: 'row' },
      el(
        'button',
        { id: `follow-chat-${key}`, type: 'button', class: 'primary', onclick: taps.follow },
        before ? '重新关注' : '关注公众号',
      ),
      el('button', { id: `welcome-scan-${key}`, type: 'button', onclick: taps.scan }, '扫带参二维码'),
    ),
    el(
      'p',
      { class: 'muted' },
      account.callback_url
        ? '下一步：关注之后发一句话，看看服务怎么回复。'
        : '提示：它还没有配置服务器地址，关注和消息不会推送到任何服务。',
    ),
  );
}

/** A chat in which nothing was said yet. */
export function silence(account: Account): HTMLElement {
  return el(
    'div',
    { class: 'empty' },
    el('p', {}, '已关注，还没有消息。'),
    el(
      'p',
      { class: 'muted' },
      account.callback_url
        ? '在下面输入一句话，微信会签名后推送给您的服务，最多三次。'
        : '它还没有配置服务器地址：POST /_emulator/accounts/…/callback 可以设置。',
    ),
  );
}
