import { api } from '../model/api';
import { createCrm } from '../model/crm/client';
import { createStaffDesk } from '../model/crm/lead';
import { firstRoute, type Launch } from '../model/mini/launch';
import { goBack, type Navigation, navigate, type OpenPage } from '../model/mini/page-stack';
import { getPhoneNumber } from '../model/mini/phone-number';
import { withRecord } from '../model/mini/request-log';
import { type RequestRecord, sendRequest } from '../model/mini/send-request';
import type { Send } from '../model/mini/sends';
import { type MiniStorage, miniStorage } from '../model/mini/storage';
import { requestSubscribe } from '../model/mini/subscribe';
import type { Subscriptions } from '../model/mini/world';
import { createWx, pageUrl, type WxHost } from '../model/mini/wx';
import type { Account, Persona } from '../model/types';
import { isTab, PAGES, TABS } from './crm/app';
import { notFound } from './crm/pages/lost';
import type { MountedPage, PageContext } from './page';
import { mountScreen } from './screen';
import { phoneSheet, subscribeSheet } from './sheets';

/** What the world says at this moment. */
export interface Between {
  persona: Persona;
  account: Account;
  service: string | null;
  templateId: string | null;
  subscriptions: Subscriptions | undefined;
  sends: Send[];
}

/** One cold start of the demo on one phone. */
export interface Runtime {
  element: HTMLElement;
  storage: MiniStorage;
  /** The world outside has changed. */
  refresh(): void;
  log(): readonly RequestRecord[];
  clearLog(): void;
  /** It is closed: whatever asks for an answer gets none. */
  end(): void;
}

/**
 * Starts the demo for a person. `now`: what the world says when asked; whose phone it is does not change while it runs.
 * `changed`: the log or the storage has.
 */
export function startRuntime(
  key: number,
  launch: Launch,
  now: () => Between,
  taps: { menu(): void; close(): void; changed(): void },
): Runtime {
  const { persona, account } = now();
  const storage = miniStorage(localStorage, account.name, persona.id);
  let stack: OpenPage[] = [];
  let log: RequestRecord[] = [];
  let calls = 0;
  let tappedAt = 0;
  const mounted = new Map<number, MountedPage>();
  const titles = new Map<number, string>();

  const screen = mountScreen(key, TABS, {
    back: () => setStack(goBack(stack)),
    tab: (path) => go('switchTab', pageUrl(path)),
    menu: taps.menu,
    close: taps.close,
  });
  // Before any handler: a tap is what a call belongs to.
  screen.element.addEventListener(
    'click',
    () => {
      tappedAt = performance.now();
    },
    true,
  );

  const host: WxHost = {
    code: async () => (await api.code(persona.id, account, 'mini')).code,
    request: (options) =>
      sendRequest(
        {
          fetch: (...call) => fetch(...call),
          clock: () => performance.now(),
          now: () => Date.now(),
          online: () => navigator.onLine,
          service: now().service,
          nextId: ++calls,
          report(record) {
            log = withRecord(log, record);
            taps.changed();
          },
        },
        options,
      ),
    storage,
    stored: taps.changed,
    subscribe: (templateIds) =>
      requestSubscribe(
        {
          ask: (ids, answer) => api.askSubscription(persona.id, account.name, ids, answer),
          sheet: (asked) =>
            screen.ask('requestSubscribeMessage:fail cancel', (answer) =>
              subscribeSheet(key, account.title, asked, answer),
            ),
          sinceTap: () => performance.now() - tappedAt,
        },
        templateIds,
      ),
    subscriptions: () => api.subscriptions(persona.id, account.name),
    go: (how, url) => go(how, url),
    back: (delta) => setStack(goBack(stack, delta)),
    toast: screen.toast,
    title(text) {
      const front = stack.at(-1);
      if (front) titles.set(front.id, text);
      screen.title(text);
    },
    launched: () => ({ ...firstRoute(launch), scene: launch.scene }),
  };
  const wx = createWx(host);
  const crm = createCrm(wx, () => now().service);
  const staff = createStaffDesk(wx, () => now().service);

  function go(how: Navigation, url: string): void {
    setStack(navigate(stack, how, url, { has: (path) => path in PAGES, isTab }));
  }

  function setStack(next: OpenPage[]): void {
    for (const { id } of stack)
      if (!next.some((page) => page.id === id)) {
        mounted.delete(id);
        titles.delete(id);
      }
    stack = next;
    const front = stack.at(-1);
    if (!front) return;
    screen.clear();
    const { path, query } = front.route;
    const entry = PAGES[path];
    screen.title(titles.get(front.id) ?? entry?.title ?? '页面不存在');
    const before = mounted.get(front.id);
    const page = before ?? (entry?.mount ?? notFound(path))(contextOf(front.id, query));
    mounted.set(front.id, page);
    screen.front(page.element, stack.length > 1, isTab(path) ? path : null);
    if (before) page.refresh?.();
  }

  function contextOf(page: number, query: Record<string, string>): PageContext {
    return {
      id: (name) => `mp-${name}-${key}`,
      wx: { ...wx, setNavigationBarTitle: (to) => titled(page, to.title) },
      crm,
      staff,
      query,
      templateId: () => now().templateId,
      phoneNumber: () =>
        getPhoneNumber({
          number: now().persona.phone,
          sheet: (number) =>
            screen.ask('getPhoneNumber:fail cancel', (answer) =>
              phoneSheet(key, account.title, number, answer),
            ),
          code: async () => (await api.code(persona.id, account, 'phone')).code,
        }),
      emulated: { subscriptions: () => now().subscriptions, sends: () => now().sends },
    };
  }

  /** Pages name themselves while they are being opened, before they are in front. */
  async function titled(page: number, text: string) {
    titles.set(page, text);
    if (stack.at(-1)?.id === page) screen.title(text);
    return { errMsg: 'setNavigationBarTitle:ok' };
  }

  setStack([{ id: 1, route: firstRoute(launch) }]);
  return {
    element: screen.element,
    storage,
    refresh: () => mounted.get(stack.at(-1)?.id ?? 0)?.refresh?.(),
    log: () => log,
    clearLog() {
      log = [];
      taps.changed();
    },
    end: screen.clear,
  };
}
