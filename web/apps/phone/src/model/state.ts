import { type Chats, NO_CHATS } from './chat/chats';
import { type MiniWorld, NO_MINI } from './mini/world';
import type { PhoneSlot } from './phones';
import type { ErrcodeEntry, LedgerEntry, World } from './types';

export type PanelId = 'phones' | 'ledger' | 'people' | 'faults' | 'clock' | 'snapshots';

/** Everything the page shows. */
export interface State {
  /** Whether the live feed is connected. */
  online: boolean;
  world: World | null;
  /** Real time of this machine when the world was read, milliseconds. */
  readAt: number;
  /** Newest first. */
  ledger: LedgerEntry[];
  /** Calls up to this id were cleared from view. */
  seen: number;
  paused: boolean;
  /** Meanings of errcodes, loaded when the first error is seen. */
  errcodes: Record<string, ErrcodeEntry>;
  chats: Chats;
  mini: MiniWorld;
  phones: PhoneSlot[];
  /** The panel in front. `phones` exists on narrow screens only, where the phones are a panel too. */
  panel: PanelId;
  /** The last thing that went wrong, for people. */
  problem: string | null;
}

/** `wide`: the phones stand beside the panels, so the calls are in front. */
export function initialState(phones: PhoneSlot[], wide: boolean): State {
  return {
    online: false,
    world: null,
    readAt: 0,
    ledger: [],
    seen: 0,
    paused: false,
    errcodes: {},
    chats: NO_CHATS,
    mini: NO_MINI,
    phones,
    panel: wide ? 'ledger' : 'phones',
    problem: null,
  };
}
