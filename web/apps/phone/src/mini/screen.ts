import { el, show } from '@weiqiao/page/dom';
import { type IconName, icon } from '../chat/icon';
import { WxError } from '../model/mini/wx-error';

/** A page of the tab bar. */
export interface TabEntry {
  path: string;
  label: string;
  icon: IconName;
}

/** What WeChat draws around and over the pages of a mini program. */
export interface Screen {
  element: HTMLElement;
  title(text: string): void;
  /** The page in front; `tab`: which tab is the current one, null for a page without tab bar. */
  front(page: HTMLElement, back: boolean, tab: string | null): void;
  toast(title: string, icon: 'success' | 'none'): void;
  /** Shows a sheet until it is answered; taken away unanswered it fails with `failure`. */
  ask<T>(failure: string, sheet: (answer: (value: T) => void) => HTMLElement): Promise<T>;
  /** Takes away whatever lies over the page. */
  clear(): void;
}

const TOAST_MS = 1800;
const DOUBLE_TAP_MS = 350;

export function mountScreen(
  key: number,
  tabs: readonly TabEntry[],
  taps: { back(): void; tab(path: string): void; menu(): void; close(): void },
): Screen {
  const title = el('h2', {});
  const back = el(
    'button',
    { id: `mp-back-${key}`, type: 'button', class: 'plain', 'aria-label': '返回', onclick: taps.back },
    icon('back'),
  );
  const capsule = el(
    'div',
    { class: 'mini-capsule' },
    el(
      'button',
      { id: `mp-menu-${key}`, type: 'button', 'aria-label': '小程序菜单', onclick: taps.menu },
      el('span', { class: 'mini-dots', 'aria-hidden': 'true' }, '•••'),
    ),
    el(
      'button',
      { id: `mp-close-${key}`, type: 'button', 'aria-label': '关闭小程序', onclick: taps.close },
      el('span', { class: 'mini-ring', 'aria-hidden': 'true' }),
    ),
  );
  const host = el('div', { class: 'mini-host', tabindex: -1 });
  const bar = el('nav', { class: 'mini-tabs', 'aria-label': '小程序标签' });
  const toasts = el('div', { class: 'mini-toasts', role: 'status' });
  const cover = el('div', { class: 'mini-cover' });
  const nav = el('header', { class: 'mini-nav' }, back, title, capsule);
  const element = el('div', { class: 'mini-screen' }, nav, host, bar, toasts, cover);
  let dismiss: (() => void) | null = null;
  let hide: ReturnType<typeof setTimeout> | undefined;
  /** What lies under a sheet cannot be reached, and who came from there goes back there. */
  const lift = (opener: Element | null) => {
    show(cover);
    cover.classList.add('shut');
    setTimeout(() => cover.classList.remove('shut'), DOUBLE_TAP_MS);
    for (const part of [nav, host, bar]) part.inert = false;
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
  };
  const clear = () => {
    dismiss?.();
    dismiss = null;
    show(toasts);
  };
  cover.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
  });
  return {
    element,
    title: (text) => {
      title.textContent = text;
    },
    front(page, canGoBack, current) {
      back.classList.toggle('unseen', !canGoBack);
      if (host.firstChild !== page) {
        const inside = host.contains(document.activeElement);
        host.replaceChildren(page);
        host.scrollTop = 0;
        // Who came by keyboard goes on at the top of the new page.
        if (inside) host.focus({ preventScroll: true });
      }
      bar.hidden = current === null;
      show(bar, ...tabs.map((entry) => tabButton(key, entry, entry.path === current, taps.tab)));
    },
    toast(text, mark) {
      clearTimeout(hide);
      show(toasts, el('div', { class: `mini-toast ${mark}` }, mark === 'success' && icon('check'), text));
      hide = setTimeout(() => show(toasts), TOAST_MS);
    },
    ask: (failure, sheet) =>
      new Promise((resolve, reject) => {
        clear();
        const opener = document.activeElement;
        const over = el('div', { class: 'mini-sheet', role: 'dialog', 'aria-modal': 'true' });
        dismiss = () => {
          lift(opener);
          reject(new WxError(failure));
        };
        over.append(
          sheet((value) => {
            dismiss = null;
            lift(opener);
            resolve(value);
          }),
        );
        show(cover, over);
        for (const part of [nav, host, bar]) part.inert = true;
        over.querySelector<HTMLElement>('button.primary, button')?.focus({ preventScroll: true });
      }),
    clear,
  };
}

function tabButton(
  key: number,
  { path, label, icon: name }: TabEntry,
  current: boolean,
  go: (path: string) => void,
): HTMLElement {
  return el(
    'button',
    {
      id: `mp-tab-${key}-${path.split('/').at(-1)}`,
      type: 'button',
      'aria-current': current ? 'page' : undefined,
      onclick: () => go(path),
    },
    icon(name),
    label,
  );
}
