import { el, show } from '@weiqiao/page/dom';
import { type PhoneSlot, readUrl } from '../model/phones';
import type { ShareCard, World } from '../model/types';
import { preselectPersona } from './preselect-persona';
import { shareSheet } from './share-sheet';
import { startPage } from './start-page';

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
  let shownService: string | null = null;
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
      // Drawn again only when it would look different: a button must not vanish under a finger.
      const service = world ? `${world.settings.service_url}` : '';
      if (service !== shownService) show(start, ...startPage(key, world, go));
      shownService = service;
      const card = latestCard(world?.shares ?? [], slot.url);
      show(sheet, card && shareSheet(card));
    },
  };
}

/** The address by which the emulator opens a page as somebody: then even a login without a question is theirs. */
function openAs(persona: string, url: string): string {
  return `/connect/as?persona=${encodeURIComponent(persona)}&to=${encodeURIComponent(url)}`;
}

/** The last card set by a page of the origin shown. */
function latestCard(shares: ShareCard[], url: string): ShareCard | undefined {
  if (url === '') return undefined;
  const { origin } = new URL(url);
  return shares.filter((card) => card.page.startsWith(`${origin}/`)).at(-1);
}
