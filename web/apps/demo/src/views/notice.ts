import { copyButton } from '@weiqiao/page/copy-button';
import { el } from '@weiqiao/page/dom';
import type { DemoConfig } from '../model/config';

/** What a visitor must know about where the page is open; null when everything is as it should be. */
export function notice(config: DemoConfig | null, inWechat: boolean): HTMLElement | null {
  if (!config || inWechat) return null;
  if (config.emulated) {
    return el(
      'section',
      { class: 'notice' },
      el(
        'p',
        {},
        el('strong', {}, '现在连接的是模拟微信。'),
        '授权页里可以选小明、小红等虚拟用户，不需要真实账号；换成真实 AppID 后，这个页面一个字都不用改。',
      ),
    );
  }
  return el(
    'section',
    { class: 'notice amber', id: 'desktop-notice' },
    el('h2', {}, '请在微信里打开这个页面'),
    el(
      'p',
      {},
      '服务连接的是真实微信，而现在是普通浏览器：微信的授权页只在微信客户端里工作，在这里只会看到“请在微信客户端打开链接”。',
    ),
    el(
      'ol',
      {},
      el('li', {}, '复制本页网址，发给「文件传输助手」，在手机微信里点开；'),
      el('li', {}, '域名须已登记为公众号的「网页授权域名」，否则微信会提示 10003；'),
      el('li', {}, '只想先看看流程？用 weiqiao-dev 启动，它自带模拟微信，桌面浏览器也能走完。'),
    ),
    copyButton('copy-page', '复制本页网址', () => location.href),
  );
}
