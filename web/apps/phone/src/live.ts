import type { Store } from '@weiqiao/page/store';
import type { Actions } from './actions';
import { coalesce } from './model/coalesce';
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
  'token',
] as const;

/** Follows the emulator's feed: whatever happens, look again. Reconnects by itself and then looks at everything. */
export function followEvents(store: Store<State>, actions: Actions): void {
  const world = coalesce(actions.refreshWorld);
  const ledger = coalesce(actions.refreshLedger);
  const source = new EventSource('/_emulator/events');
  source.addEventListener('open', () => {
    store.update({ online: true, problem: null });
    void world();
    void ledger();
  });
  source.addEventListener('error', () => store.update({ online: false }));
  for (const kind of KINDS) {
    source.addEventListener(kind, () => {
      if (kind === 'reset') store.update({ ledger: [], seen: 0 });
      if (kind === 'call' || kind === 'reset') void ledger();
      void world();
    });
  }
}
