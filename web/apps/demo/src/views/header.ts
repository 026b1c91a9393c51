import { el } from '@weiqiao/page/dom';
import { type DemoConfig, phoneUrl } from '../model/config';

/** The title line: what this is, and which WeChat and which access mode it runs against. */
export function header(config: DemoConfig | null): HTMLElement {
  // Inside the emulator's phone there is no need to open it.
  const framed = window.parent !== window;
  const phone = config && !framed ? phoneUrl(config, location.origin + location.pathname) : undefined;
  return el(
    'header',
    { class: 'top' },
    el('span', { class: 'logo', 'aria-hidden': 'true' }),
    el(
      'div',
      { class: 'top-title' },
      el('h1', {}, '微信网页授权演示'),
      el('p', { class: 'muted' }, '微桥 Weiqiao · Web login, step by step'),
    ),
    config &&
      el(
        'div',
        { class: 'badges' },
        el(
          'span',
          { class: config.emulated ? 'badge amber' : 'badge green' },
          config.emulated ? '模拟微信' : '真实微信',
        ),
        el('span', { class: 'badge' }, config.mode === 'open' ? 'open 开放模式' : 'strict 严格模式'),
        phone
          ? el('a', { class: 'badge link', href: phone, target: '_blank', rel: 'noopener' }, '打开模拟手机 ↗')
          : null,
      ),
  );
}
