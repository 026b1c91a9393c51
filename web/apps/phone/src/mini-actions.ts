import type { Store } from '@weiqiao/page/store';
import { api } from './model/api';
import { chatKey } from './model/chat/chats';
import type { Received } from './model/chat/types';
import { withBanner, withoutBanner } from './model/mini/banners';
import { type MiniWorld, NO_MINI } from './model/mini/world';
import type { State } from './model/state';

/** What happens in mini programs that all phones have to know. */
export interface MiniActions {
  /** Reads what WeChat knows of a person's agreements, once; the live feed keeps it true. */
  needSubscriptions(persona: string, account: string): void;
  refreshSubscriptions(): Promise<void>;
  /** Everything anew, as after a reset. */
  forget(): void;
  takeBanner(message: Received): void;
  dropBanner(id: number): void;
}

/** How long a banner stays, milliseconds. */
const BANNER_MS = 6000;

export function createMiniActions(store: Store<State>): MiniActions {
  const asked = new Set<string>();
  const change = (changes: Partial<MiniWorld>) => {
    const { mini } = store.state;
    store.update({ mini: { ...mini, revision: mini.revision + 1, ...changes } });
  };
  const load = async (key: string) => {
    const [persona = '', account = ''] = key.split('/');
    try {
      const read = await api.subscriptions(persona, account);
      change({ subscriptions: { ...store.state.mini.subscriptions, [key]: read } });
    } catch {
      // The person or the mini program has gone; the tab says so.
      asked.delete(key);
    }
  };
  const dropBanner = (id: number) => {
    const banners = withoutBanner(store.state.mini.banners, id);
    if (banners !== store.state.mini.banners) change({ banners });
  };
  return {
    needSubscriptions(persona, account) {
      const key = chatKey(persona, account);
      if (asked.has(key)) return;
      asked.add(key);
      void load(key);
    },
    async refreshSubscriptions() {
      await Promise.all([...asked].map(load));
    },
    forget() {
      asked.clear();
      change(NO_MINI);
    },
    takeBanner(message) {
      const banners = withBanner(store.state.mini.banners, message);
      if (banners === store.state.mini.banners) return;
      change({ banners });
      setTimeout(() => dropBanner(message.id), BANNER_MS);
    },
    dropBanner,
  };
}
