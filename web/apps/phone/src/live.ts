import type { Store } from '@weiqiao/page/store';
import type { Actions } from './actions';
import { chime } from './chime';
import { chatAccounts, openAccount } from './model/chat/accounts';
import type { Delivery, Received } from './model/chat/types';
import { coalesce } from './model/coalesce';
import { forgetEverything } from './model/mini/storage';
import type { State } from './model/state';

/** What changes the world as this page shows it. `call` changes the ledger, and may use up a code or a token. */
const KINDS = [
  'account',
  'call',
  'clock',
  'code',
  'consent',
  'fault',
  'follow',
  'persona',
  'reset',
  'restore',
  'settings',
  'share',
  'snapshot',
  'template',
  'token',
] as const;

/** Follows the emulator's feed: whatever happens, look again. Reconnects by itself and then looks at everything. */
export function followEvents(store: Store<State>, actions: Actions): void {
  const world = coalesce(actions.refreshWorld);
  const ledger = coalesce(actions.refreshLedger);
  const source = new EventSource('/_emulator/events');
  const again = () => {
    store.update({ problem: null });
    void world();
    void ledger();
    void actions.chats.refreshChats();
    void actions.mini.refreshSubscriptions();
  };
  source.addEventListener('open', () => {
    store.update({ online: true });
    again();
  });
  // The device's own network was away, which a feed that is open may not notice.
  addEventListener('online', again);
  source.addEventListener('error', () => store.update({ online: false }));
  for (const kind of KINDS) {
    source.addEventListener(kind, () => {
      if (kind === 'reset') {
        store.update({ ledger: [], seen: 0 });
        forgetEverything(localStorage);
        actions.mini.forget();
      }
      if (kind === 'call' || kind === 'reset') void ledger();
      if (kind === 'reset' || kind === 'restore') void actions.chats.refreshChats(true);
      void world();
    });
  }
  followChats(source, store, actions);
  followSubscriptions(source, actions);
}

/** Which calls and acts may give somebody another menu. */
const MENU_CALLS = /^\/cgi-bin\/(menu|tags)\//;

/** Messages, events and menus come with the feed itself. */
function followChats(source: EventSource, store: Store<State>, actions: Actions): void {
  const menus = coalesce(actions.chats.refreshMenus);
  const on = <T>(kind: string, take: (data: T) => void) =>
    source.addEventListener(kind, (event) => take((JSON.parse(event.data) as { data: T }).data));
  on<{ report: Delivery }>('delivery', ({ report }) => actions.chats.takeDelivery(report));
  on<Received>('message', (message) => {
    actions.chats.takeReceived(message);
    const { phones, world, chats } = store.state;
    const accounts = world ? chatAccounts(world, chats, message.persona) : [];
    const open = phones.some(
      ({ persona, tab, chat }) =>
        persona === message.persona &&
        tab === 'chat' &&
        openAccount(accounts, chat)?.name === message.account,
    );
    // Somebody has the phone, but is looking elsewhere.
    if (open || !phones.some(({ persona }) => persona === message.persona)) return;
    chime();
    actions.mini.takeBanner(message);
  });
  on<{ path?: string }>('call', ({ path }) => {
    if (MENU_CALLS.test(path ?? '')) void menus();
  });
  source.addEventListener('persona', () => void menus());
}

/** Agreements are made by people and used up by messages. */
function followSubscriptions(source: EventSource, actions: Actions): void {
  const refresh = coalesce(actions.mini.refreshSubscriptions);
  for (const kind of ['subscription', 'message', 'restore', 'template'])
    source.addEventListener(kind, () => void refresh());
}
