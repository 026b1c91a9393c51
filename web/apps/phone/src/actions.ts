import type { Store } from '@weiqiao/page/store';
import { type ChatActions, createChatActions } from './chat-actions';
import { createMiniActions, type MiniActions } from './mini-actions';
import { api } from './model/api';
import { mergeEntries, SHOWN } from './model/ledger';
import { miniAccount } from './model/mini/world';
import { castPhones, MOST_PHONES, newPhone, type PhoneSlot, savePhones } from './model/phones';
import type { PanelId, State } from './model/state';

export interface Actions {
  refreshWorld(): Promise<void>;
  refreshLedger(): Promise<void>;
  /** Does something at the emulator; what goes wrong is shown. True when it went well. */
  attempt(run: () => Promise<unknown>): Promise<boolean>;
  show(panel: PanelId): void;
  /** Says something to the person. */
  tell(text: string): void;
  dismiss(): void;
  chats: ChatActions;
  mini: MiniActions;
  /** Opens a page of a mini program (its handle or appid; null: the first there is) on a phone. */
  openMini(key: number, account: string | null, page: string, scene: number): void;
  setPaused(paused: boolean): void;
  clearLedgerView(): void;
  addPhone(): void;
  /** Puts out the three phones of the demo's story. */
  castPhones(): void;
  removePhone(key: number): void;
  changePhone(key: number, changes: Partial<Omit<PhoneSlot, 'key'>>): void;
}

export function createActions(store: Store<State>): Actions {
  const say = (error: unknown) =>
    store.update({ problem: error instanceof Error ? error.message : String(error) });
  const setPhones = (phones: PhoneSlot[]) => {
    store.update({ phones });
    savePhones(localStorage, phones);
  };
  const refreshWorld = async () => {
    try {
      store.update({ world: await api.world(), readAt: Date.now() });
    } catch (error) {
      say(error);
    }
  };
  const learnErrcodes = async () => {
    const unknown = store.state.ledger.some((entry) => entry.errcode !== 0);
    if (!unknown || Object.keys(store.state.errcodes).length > 0) return;
    const list = await api.errcodes();
    store.update({ errcodes: Object.fromEntries(list.map((entry) => [String(entry.code), entry])) });
  };
  const attempt = async (run: () => Promise<unknown>) => {
    store.update({ problem: null });
    try {
      await run();
      return true;
    } catch (error) {
      say(error);
      return false;
    } finally {
      await refreshWorld();
    }
  };
  const chats = createChatActions(store, attempt, say);
  const changePhone: Actions['changePhone'] = (key, changes) => {
    setPhones(store.state.phones.map((phone) => (phone.key === key ? { ...phone, ...changes } : phone)));
    if (changes.persona !== undefined) void chats.refreshChats();
  };
  return {
    refreshWorld,
    async refreshLedger() {
      if (store.state.paused) return;
      try {
        const read = await api.ledger(newestId(store.state), SHOWN);
        store.update({ ledger: mergeEntries(store.state.ledger, read) });
        await learnErrcodes();
      } catch (error) {
        say(error);
      }
    },
    attempt,
    chats,
    mini: createMiniActions(store),
    openMini(key, name, page, scene) {
      const { world } = store.state;
      const account = world && miniAccount(world, name);
      if (!account) {
        store.update({ problem: `这里没有小程序 ${name ?? ''}，打不开 ${page || '首页'}` });
        return;
      }
      changePhone(key, { tab: 'mini', launch: { account: account.name, page, scene, at: Date.now() } });
    },
    show: (panel) => store.update({ panel }),
    tell: (text) => store.update({ problem: text }),
    dismiss: () => store.update({ problem: null }),
    setPaused: (paused) => store.update({ paused }),
    // The newest id stays known, so that what was cleared does not come back.
    clearLedgerView: () => store.update({ ledger: [], seen: newestId(store.state) }),
    addPhone() {
      const { phones } = store.state;
      if (phones.length >= MOST_PHONES) return;
      setPhones([...phones, newPhone(phones)]);
      void chats.refreshChats();
    },
    castPhones() {
      setPhones(castPhones(store.state.phones));
      void chats.refreshChats();
    },
    removePhone: (key) => setPhones(store.state.phones.filter((phone) => phone.key !== key)),
    changePhone,
  };
}

function newestId(state: State): number {
  return state.ledger[0]?.id ?? state.seen;
}
