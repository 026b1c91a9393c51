import { el, show } from '@weiqiao/page/dom';
import { type PhoneSlot, readUrl } from '../model/phones';
import type { ShareCard, World } from '../model/types';
import { preselectPersona } from './preselect-persona';
import { shareSheet } from './share-sheet';

export interface MountedBrowser {
  element: HTMLElement;
  update(slot: PhoneSlot, world: World | null): void;
}

// The page may do what a page in WeChat may, except replace this whole page.
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads';

/** The phone's browser: an address, the page in a frame, and the share cards the page has set. */
export function mountBrowser(key: number, open: (url: string) => void): MountedBrowser {
  let persona = '';
  let loaded = '';
  const address = el('input', {
    id: `address-${key}`,
    type: 'text',
    inputmode: 'url',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: '要在微信里打开的网址',
    'aria-label': '网址',
  });
  const outside = el(
    'a',
    {
      class: 'outside',
      target: '_blank',
      rel: 'noopener',
      title: '在新标签页打开（页面不允许嵌入时用）',
      'aria-label': '在新标签页打开',
    },
    '↗',
  );
  const frame = el('iframe', { class: 'page', sandbox: SANDBOX, referrerpolicy: 'no-referrer' });
  const start = el('div', { class: 'phone-page empty' });
  const sheet = el('div', { class: 'sheet' });
  const body = el('div', { class: 'browser-body' }, start);
  const load = (url: string) => {
    loaded = url;
    frame.src = openAs(persona, url);
    // Put in place only now: an empty frame would load a page of its own.
    if (!frame.parentNode) body.append(frame);
  };
  const go = (url: string) => {
    load(url);
    open(url);
  };
  const bar = el(
    'form',
    {
      class: 'address',
      onsubmit: (event) => {
        event.preventDefault();
        const url = readUrl(address.value);
        address.setCustomValidity(url ? '' : '请输入 http 或 https 网址');
        if (url) go(url);
        else address.reportValidity();
      },
    },
    el(
      'button',
      {
        type: 'button',
        class: 'small',
        title: '重新打开这个网址',
        'aria-label': '重新打开',
        onclick: () => loaded && go(loaded),
      },
      '⟳',
    ),
    address,
    el('button', { id: `go-${key}`, type: 'submit', class: 'small' }, '打开'),
    outside,
  );
  address.addEventListener('input', () => address.setCustomValidity(''));
  frame.addEventListener('load', () => preselectPersona(frame, persona));
  show(start, ...startPage(go));
  return {
    element: el('div', { class: 'browser' }, bar, body, sheet),
    update(slot, world) {
      persona = slot.persona;
      frame.title = `${slot.persona} 正在看的页面`;
      if (slot.url !== loaded) load(slot.url);
      if (document.activeElement !== address && slot.url) address.value = slot.url;
      outside.hidden = slot.url === '';
      outside.href = openAs(persona, slot.url);
      start.hidden = slot.url !== '';
      const card = latestCard(world?.shares ?? [], slot.url);
      show(sheet, card && shareSheet(card));
    },
  };
}

/** The address by which the emulator opens a page as somebody: then even a login without a question is theirs. */
function openAs(persona: string, url: string): string {
  return `/connect/as?persona=${encodeURIComponent(persona)}&to=${encodeURIComponent(url)}`;
}

/** What to do with an empty browser: the demo page on the service's usual port, or any page of one's own. */
function startPage(go: (url: string) => void): HTMLElement[] {
  const demo = `${location.protocol}//${location.hostname}:3001/wechat/demo`;
  return [
    el('p', {}, '在上面输入网址，就像在微信里点开一个链接。'),
    el('button', { type: 'button', class: 'primary', onclick: () => go(demo) }, '打开微桥演示页'),
    el('p', { class: 'muted' }, demo),
    el(
      'p',
      { class: 'muted' },
      '几部手机共用这个浏览器的 Cookie：同一个网站上，后登录的人会替换先登录的人。',
    ),
    el('p', { class: 'muted' }, '页面一片空白？它可能不允许嵌入，请点右上角的 ↗ 在新标签页打开。'),
  ];
}

/** The last card set by a page of the origin shown. */
function latestCard(shares: ShareCard[], url: string): ShareCard | undefined {
  if (url === '') return undefined;
  const { origin } = new URL(url);
  return shares.filter((card) => card.page.startsWith(`${origin}/`)).at(-1);
}
