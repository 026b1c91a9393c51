import { el } from '@weiqiao/page/dom';
import { demoAddress } from '../model/service';
import type { World } from '../model/types';

/** What to do with an empty browser: the demo page of the service under development, or any page of one's own. */
export function startPage(key: number, world: World | null, go: (url: string) => void): HTMLElement[] {
  return [
    el('p', {}, '在上面输入网址，就像在微信里点开一个链接。'),
    ...(world ? demo(key, demoAddress(world.settings.service_url), go) : []),
    el(
      'p',
      { class: 'muted' },
      '几部手机共用这个浏览器的 Cookie：同一个网站上，后登录的人会替换先登录的人。',
    ),
    el('p', { class: 'muted' }, '页面一片空白？它可能不允许嵌入，请点右上角的 ↗ 在新标签页打开。'),
  ];
}

function demo(key: number, address: string | null, go: (url: string) => void): HTMLElement[] {
  if (!address)
    return [
      el('p', { class: 'muted' }, '模拟器还不知道您的服务在哪里。告诉它之后，这里可以一键打开演示页：'),
      el('code', {}, 'weixin-emulator --service-url http://localhost:3001'),
      el('p', { class: 'muted' }, '或者 POST /_emulator/settings {"service_url":"…"}'),
    ];
  return [
    el(
      'button',
      { id: `demo-${key}`, type: 'button', class: 'primary', onclick: () => go(address) },
      '打开微桥演示页',
    ),
    el('p', { class: 'muted' }, address),
  ];
}
