import { el, show } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import type { PhoneSlot } from '../model/phones';
import { emulatedNow, showTime } from '../model/time';
import type { Persona, World } from '../model/types';
import { mountBrowser } from './browser';
import { me } from './me';

export interface MountedPhone {
  element: HTMLElement;
  update(slot: PhoneSlot, world: World | null, readAt: number): void;
}

const TABS = [
  ['browser', '浏览器'],
  ['me', '我'],
] as const;

/** A phone: status bar, whose it is, the tab in front, the tabs below. */
export function mountPhone(first: PhoneSlot, actions: Actions): MountedPhone {
  const { key } = first;
  const time = el('span', { class: 'phone-time' });
  const owner = el('div', { class: 'phone-owner' });
  const browser = mountBrowser(key, (url) => actions.changePhone(key, { url }));
  const identity = el('div', { class: 'phone-page me' });
  const tabs = el('div', { class: 'phone-tabs', role: 'group', 'aria-label': '手机标签' });
  const element = el(
    'article',
    { class: 'phone', 'data-phone': key },
    el('div', { class: 'phone-status', 'aria-hidden': 'true' }, time, el('span', {}, '模拟微信')),
    owner,
    browser.element,
    identity,
    tabs,
  );
  let seen = '';
  const update = (slot: PhoneSlot, world: World | null, readAt: number) => {
    element.setAttribute('aria-label', `手机 ${key}`);
    time.textContent = world ? showTime(emulatedNow(world.clock, readAt, Date.now())).slice(0, 5) : '--:--';
    browser.update(slot, world);
    browser.element.hidden = slot.tab !== 'browser';
    identity.hidden = slot.tab !== 'me';
    // Drawn again only when it would look different: the rest of the world changes with every call.
    const next = JSON.stringify([slot, world?.personas, world?.accounts.map(({ account }) => account)]);
    if (next === seen) return;
    seen = next;
    const persona = world?.personas.find(({ id }) => id === slot.persona);
    show(owner, ...ownerBar(slot, world?.personas ?? [], actions));
    show(identity, ...(world && persona ? me(key, persona, world, actions) : [nobody(world !== null)]));
    show(tabs, ...TABS.map(([id, label]) => tab(slot, id, label, actions)));
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

function tab(slot: PhoneSlot, id: PhoneSlot['tab'], label: string, actions: Actions): HTMLElement {
  const current = slot.tab === id ? 'true' : undefined;
  return el(
    'button',
    {
      id: `phone-${slot.key}-${id}`,
      type: 'button',
      'aria-current': current,
      onclick: () => actions.changePhone(slot.key, { tab: id }),
    },
    label,
  );
}

function nobody(loaded: boolean): HTMLElement {
  const text = loaded ? '这个人物已经不在了。请在上方换一个人，或到「人物」面板新建。' : '正在读取人物……';
  return el('p', { class: 'empty' }, text);
}
