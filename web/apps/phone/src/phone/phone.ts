import { el, show } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import { mountChat } from '../chat/chat';
import { mountMini } from '../mini/mini';
import { chatAccounts } from '../model/chat/accounts';
import { chatToOpen } from '../model/chat/chat-to-open';
import { unread } from '../model/chat/chats';
import { bannerFor } from '../model/mini/banners';
import { type PhoneSlot, TABS } from '../model/phones';
import type { State } from '../model/state';
import { emulatedNow, showTime } from '../model/time';
import type { Persona } from '../model/types';
import { bannerView } from './banner';
import { mountBrowser } from './browser';
import { me } from './me';

// WeChat's number of an opening through a subscribe message.
const FROM_MESSAGE = 1107;

export interface MountedPhone {
  element: HTMLElement;
  update(slot: PhoneSlot, state: State): void;
}

/** A phone: status bar, whose it is, the tab in front, the tabs below. */
export function mountPhone(first: PhoneSlot, actions: Actions): MountedPhone {
  const { key } = first;
  const time = el('span', { class: 'phone-time' });
  const owner = el('div', { class: 'phone-owner' });
  const chat = mountChat(key, actions);
  const mini = mountMini(key, actions);
  const banner = el('div', { class: 'phone-banner-place' });
  let current: { slot: PhoneSlot; state: State } | undefined;
  const browser = mountBrowser(key, (url) => actions.changePhone(key, { url }));
  const identity = el('div', { class: 'phone-page me' });
  const tabs = el('div', { class: 'phone-tabs', role: 'group', 'aria-label': '手机标签' });
  const element = el(
    'article',
    { class: 'phone', 'data-phone': key },
    el('div', { class: 'phone-status', 'aria-hidden': 'true' }, time, el('span', {}, '模拟微信')),
    owner,
    banner,
    chat.element,
    mini.element,
    browser.element,
    identity,
    tabs,
  );
  let seen = '';
  let slid = 0;
  const drawBanner = (slot: PhoneSlot, { mini: { banners }, world }: State) => {
    const top = world ? bannerFor(banners, slot.persona) : undefined;
    if ((top?.id ?? 0) === slid) return;
    slid = top?.id ?? 0;
    const drop = () => top && actions.mini.dropBanner(top.id);
    show(
      banner,
      top &&
        world &&
        bannerView(key, top, world, {
          open(account, page) {
            drop();
            if (page === null) actions.changePhone(key, { tab: 'chat', chat: top.account });
            else actions.openMini(key, account, page, FROM_MESSAGE);
          },
          drop,
        }),
    );
  };
  const openTab = (tab: PhoneSlot['tab']) => {
    if (tab !== 'chat' || !current?.state.world) return actions.changePhone(key, { tab });
    const { slot, state } = current;
    actions.mini.dropBanner(slid);
    const accounts = state.world ? chatAccounts(state.world, state.chats, slot.persona) : [];
    actions.changePhone(key, { tab, chat: chatToOpen(state.chats, accounts, slot.persona, slot.chat) });
  };
  const update = (slot: PhoneSlot, state: State) => {
    const { world, readAt } = state;
    current = { slot, state };
    element.setAttribute('aria-label', `手机 ${key}`);
    time.textContent = world ? showTime(emulatedNow(world.clock, readAt, Date.now())).slice(0, 5) : '--:--';
    chat.element.hidden = slot.tab !== 'chat';
    chat.update(slot, state);
    mini.element.hidden = slot.tab !== 'mini';
    mini.update(slot, state);
    drawBanner(slot, state);
    browser.update(slot, world);
    browser.element.hidden = slot.tab !== 'browser';
    identity.hidden = slot.tab !== 'me';
    // Drawn again only when it would look different: the rest of the world changes with every call.
    const fresh = unread(state.chats, slot.persona);
    const next = JSON.stringify([
      slot,
      fresh,
      world?.personas,
      world?.accounts.map(({ account }) => account),
    ]);
    if (next === seen) return;
    seen = next;
    const persona = world?.personas.find(({ id }) => id === slot.persona);
    show(owner, ...ownerBar(slot, world?.personas ?? [], actions));
    show(identity, ...(world && persona ? me(key, persona, world, actions) : [nobody(world !== null)]));
    show(tabs, ...TABS.map(([id, label]) => tab(slot, id, label, id === 'chat' ? fresh : 0, openTab)));
  };
  return { element, update };
}

function ownerBar(slot: PhoneSlot, personas: Persona[], actions: Actions): HTMLElement[] {
  const select = el(
    'select',
    { id: `owner-${slot.key}`, 'aria-label': '这是谁的手机' },
    ...personas.map((persona) =>
      el('option', { value: persona.id, selected: persona.id === slot.persona }, persona.nickname),
    ),
  );
  select.addEventListener('change', () => actions.changePhone(slot.key, { persona: select.value }));
  return [
    select,
    el(
      'button',
      {
        id: `close-${slot.key}`,
        type: 'button',
        class: 'small',
        'aria-label': '收起这部手机',
        onclick: () => actions.removePhone(slot.key),
      },
      '✕',
    ),
  ];
}

function tab(
  slot: PhoneSlot,
  id: PhoneSlot['tab'],
  label: string,
  fresh: number,
  open: (tab: PhoneSlot['tab']) => void,
): HTMLElement {
  const front = slot.tab === id ? 'true' : undefined;
  return el(
    'button',
    {
      id: `phone-${slot.key}-${id}`,
      type: 'button',
      'aria-current': front,
      onclick: () => open(id),
    },
    label,
    fresh > 0 && el('span', { class: 'dot', 'aria-label': `${fresh} 条未读` }, String(fresh)),
  );
}

function nobody(loaded: boolean): HTMLElement {
  const text = loaded ? '这个人物已经不在了。请在上方换一个人，或到「人物」面板新建。' : '正在读取人物……';
  return el('p', { class: 'empty' }, text);
}
