import { el, show } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import { chatAccounts, mayWrite, openAccount } from '../model/chat/accounts';
import { chatKey, unread } from '../model/chat/chats';
import type { PushId } from '../model/chat/compose';
import { preview } from '../model/chat/preview';
import { timeline } from '../model/chat/timeline';
import type { PhoneSlot } from '../model/phones';
import type { State } from '../model/state';
import type { Account, Persona, World } from '../model/types';
import { mountComposer } from './composer';
import { createDoings } from './doings';
import { chatHeader } from './header';
import { chatItem } from './item';
import { chatList } from './list';
import { menuBar } from './menu-bar';
import { type Panel, type PanelTaps, panelView } from './panel-view';
import type { Taps } from './parts';
import { mountScroll } from './scroll';
import { itemSheet } from './sheet';
import { silence, welcome } from './welcome';

export interface MountedChat {
  element: HTMLElement;
  update(slot: PhoneSlot, state: State): void;
}

// WeChat's numbers of where a mini program is opened from.
const OFFICIAL_CARD = 1043;
const OWN_CARD = 1107;

/** The chat tab of a phone. */
export function mountChat(key: number, actions: Actions): MountedChat {
  const { chats } = actions;
  let slot: PhoneSlot | undefined;
  let state: State | undefined;
  let shown = '';
  let panel: Panel | null = null;
  let push: PushId = 'normal';
  let openMenu: number | null = null;
  let inspected: string | null = null;

  const head = el('div');
  // Drawn anew with every change, so it is not read aloud itself: `news` says what came last.
  const log = el('ol', { class: 'chat-log', 'aria-label': '聊天记录', tabindex: '0' });
  const news = el('p', { class: 'unseen', role: 'status' });
  const scroll = mountScroll(log);
  const above = el('div', { class: 'chat-above' });
  const menu = el('nav', { class: 'chat-menu', 'aria-label': '公众号菜单' });
  const sheet = el('div', { class: 'chat-cover' });
  const composer = mountComposer(key, {
    send: (text) => doings.say({ Content: text }),
    attach: () => setPanel(panel?.kind === 'attach' ? null : { kind: 'attach' }),
  });
  const element = el('div', { class: 'chat' }, head, log, news, above, composer.element, menu, sheet);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (inspected) inspect(null);
    else if (panel) setPanel(null);
    else if (openMenu !== null) toggleMenu(openMenu);
  });

  const redraw = () => {
    shown = '';
    if (slot && state) update(slot, state);
  };
  const setPanel = (next: Panel | null) => {
    panel = next;
    openMenu = null;
    redraw();
    above.querySelector<HTMLElement>('input, button')?.focus();
  };
  const toggleMenu = (index: number) => {
    openMenu = openMenu === index ? null : index;
    redraw();
  };
  const inspect = (id: string | null) => {
    const before = inspected;
    inspected = id;
    redraw();
    const back = id === null ? `see-${key}-${before}` : `sheet-close-${key}`;
    document.getElementById(back)?.focus();
  };
  const current = (): { persona: Persona; account: Account } | null => {
    const world = state?.world;
    const persona = world?.personas.find(({ id }) => id === slot?.persona);
    if (!world || !persona || !slot || !state) return null;
    const account = openAccount(chatAccounts(world, state.chats, persona.id), slot.chat);
    return account && { persona, account };
  };
  const doings = createDoings(key, actions, {
    between: current,
    push: () => push,
    setPanel,
    sent: scroll.toEnd,
  });
  const taps: Taps = {
    inspect,
    open: doings.open,
    openMini: (appid, page) =>
      actions.openMini(key, appid ?? current()?.account.name ?? null, page, appid ? OFFICIAL_CARD : OWN_CARD),
    answer: (text, menuId) => doings.say({ Content: text, bizmsgmenuid: menuId }),
  };
  const panelTaps: PanelTaps = {
    open: setPanel,
    setPush: (id) => {
      push = id;
    },
  };

  const drawList = (persona: Persona, accounts: Account[], { chats: known }: State) => {
    show(head, el('header', { class: 'chat-head' }, el('h2', {}, '聊天')));
    const open = (account: string) => actions.changePhone(key, { chat: account });
    show(log, el('li', {}, chatList(key, persona, accounts, known, open)));
  };

  const drawChat = (persona: Persona, account: Account, world: World, now: State) => {
    const following = mayWrite(persona, account);
    const others = unread(now.chats, persona.id) - unread(now.chats, persona.id, account.name);
    const header = chatHeader(key, account, others, panel?.kind === 'more', {
      back: () => actions.changePhone(key, { chat: '' }),
      more: () => setPanel(panel?.kind === 'more' ? null : { kind: 'more' }),
    });
    show(head, header);
    const items = timeline(now.chats, persona.id, account.name);
    const templates = world.accounts.find((one) => one.account.name === account.name)?.templates ?? [];
    const most = world.settings.callback_attempts;
    const between = { key, persona, title: account.title, templates, most };
    const nothing = following && items.length === 0 && el('li', {}, silence(account));
    const invite =
      !following &&
      el(
        'li',
        {},
        welcome(key, account, items.length > 0, {
          follow: () => doings.follow(true),
          scan: () => setPanel({ kind: 'scan' }),
        }),
      );
    scroll.keep(() => show(log, nothing, ...items.map((item) => chatItem(item, between, taps)), invite));
    const last = items.filter(({ received }) => received).at(-1)?.received;
    const heard = last ? `${account.title}：${preview(last)}` : '';
    if (news.textContent !== heard) news.textContent = heard;
    // A form that is being filled in stays as it is.
    const form = panel ? `${panel.kind} ${account.name} ${following} ${account.callback_url}` : '';
    if (above.dataset.form !== form)
      show(above, panelView(key, panel, push, account, following, doings, panelTaps));
    above.dataset.form = form;
    const item = items.find(({ id }) => id === inspected);
    if (!item) inspected = null;
    // Drawn again only when more is known of it: its reader has scrolled somewhere.
    const known = item ? `${item.id} ${item.delivery?.outcome} ${item.delivery?.attempts.length}` : '';
    if (sheet.dataset.item !== known) show(sheet, item && itemSheet(item, key, most, () => inspect(null)));
    sheet.dataset.item = known;
    composer.element.hidden = !following;
    const seen = now.chats.menus[chatKey(persona.id, account.name)];
    menu.hidden = !following || !seen || seen.buttons.length === 0;
    show(menu, ...(seen ? menuBar(key, seen, openMenu, toggleMenu, doings.tapMenu) : []));
  };

  const update = (nextSlot: PhoneSlot, nextState: State) => {
    slot = nextSlot;
    state = nextState;
    const { world, chats: known } = nextState;
    const persona = world?.personas.find(({ id }) => id === nextSlot.persona);
    const facts = world && [
      world.accounts.map(({ account, templates }) => [account, templates]),
      world.settings,
    ];
    const next = JSON.stringify([nextSlot, known.revision, persona, facts]);
    if (next === shown) return;
    shown = next;
    const accounts = world && persona ? chatAccounts(world, known, persona.id) : [];
    const account = openAccount(accounts, nextSlot.chat);
    const list = !(world && persona && account);
    for (const part of [above, composer.element, menu]) part.hidden = list;
    if (list) {
      show(sheet);
      sheet.dataset.item = '';
      if (persona) drawList(persona, accounts, nextState);
      else
        show(
          log,
          el('li', { class: 'empty' }, world ? '这个人物已经不在了，请在上方换一个人。' : '正在读取……'),
        );
      return;
    }
    if (account.kind === 'official') chats.needMenu(persona.id, account.name);
    drawChat(persona, account, world, nextState);
    // Afterwards: it changes the state that is being drawn.
    if (nextSlot.tab === 'chat') queueMicrotask(() => chats.markRead(persona.id, account.name));
  };
  return { element, update };
}
