import type { Store } from '@weiqiao/page/store';
import { api } from './model/api';
import {
  type Chats,
  chatKey,
  NO_CHATS,
  withDelivery,
  withLists,
  withRead,
  withReceived,
} from './model/chat/chats';
import type { Scanned } from './model/chat/scan';
import type { Delivery, Received } from './model/chat/types';
import type { State } from './model/state';

/** What happens in chats. Everything a person does is shown by the live feed, not by the call that did it. */
export interface ChatActions {
  /** Reads everything again; `anew` forgets what was known, as after a reset. */
  refreshChats(anew?: boolean): Promise<void>;
  takeDelivery(delivery: Delivery): void;
  takeReceived(message: Received): void;
  markRead(persona: string, account: string): void;
  /** Reads the menu a person sees, once. */
  needMenu(persona: string, account: string): void;
  refreshMenus(): Promise<void>;
  send(persona: string, account: string, message: Record<string, unknown>): Promise<boolean>;
  push(persona: string, account: string, event: Record<string, unknown>): Promise<boolean>;
  follow(persona: string, account: string, following: boolean): Promise<boolean>;
  scan(persona: string, scanned: Scanned): Promise<boolean>;
}

export function createChatActions(
  store: Store<State>,
  attempt: (run: () => Promise<unknown>) => Promise<boolean>,
  say: (error: unknown) => void,
): ChatActions {
  const asked = new Set<string>();
  const change = (next: (chats: Chats) => Chats) => {
    const chats = next(store.state.chats);
    if (chats !== store.state.chats) store.update({ chats });
  };
  const loadMenu = async (persona: string, account: string) => {
    try {
      const menu = await api.menu(account, persona);
      const key = chatKey(persona, account);
      change((chats) => ({
        ...chats,
        revision: chats.revision + 1,
        menus: { ...chats.menus, [key]: menu },
      }));
    } catch {
      // The person or the account has gone; the chat says so.
      asked.delete(chatKey(persona, account));
    }
  };
  return {
    async refreshChats(anew = false) {
      // At once: what the feed tells from now on belongs to the new world.
      if (anew) change((chats) => ({ ...NO_CHATS, revision: chats.revision + 1 }));
      if (anew) asked.clear();
      try {
        const people = [...new Set(store.state.phones.map(({ persona }) => persona))];
        const [deliveries, ...received] = await Promise.all([
          api.deliveries(),
          // Somebody who was removed has received nothing.
          ...people.map((persona) => api.received(persona).catch(() => [])),
        ]);
        change((chats) => withLists(chats, deliveries, received.flat()));
      } catch (error) {
        say(error);
      }
    },
    takeDelivery: (delivery) => change((chats) => withDelivery(chats, delivery)),
    takeReceived: (message) => change((chats) => withReceived(chats, message)),
    markRead: (persona, account) => change((chats) => withRead(chats, persona, account)),
    needMenu(persona, account) {
      const key = chatKey(persona, account);
      if (asked.has(key)) return;
      asked.add(key);
      void loadMenu(persona, account);
    },
    async refreshMenus() {
      const pairs = [...asked].map((key) => key.split('/') as [string, string]);
      await Promise.all(pairs.map(([persona, account]) => loadMenu(persona, account)));
    },
    send: (persona, account, message) => attempt(() => api.sendMessage(persona, { account, ...message })),
    push: (persona, account, event) => attempt(() => api.pushEvent(persona, { account, ...event })),
    follow: (persona, account, following) => attempt(() => api.follow(persona, account, following)),
    scan: (persona, scanned) => attempt(() => api.scan(persona, scanned)),
  };
}
