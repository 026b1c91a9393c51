import type { Delivery, Received, SeenMenu } from './types';

/** Everything the chats of all phones are drawn from. */
export interface Chats {
  /** Counts changes: watching it is cheaper than comparing the lists. */
  revision: number;
  /** Whether the lists were read once; before that nothing is called unread. */
  loaded: boolean;
  /** Oldest first. */
  deliveries: Delivery[];
  received: Received[];
  /** By [`chatKey`]. */
  menus: Record<string, SeenMenu>;
  /** The newest message the person has seen, by [`chatKey`]. */
  read: Record<string, number>;
}

/** Kept in the page; the emulator keeps more. */
export const KEPT = 300;

export const NO_CHATS: Chats = {
  revision: 0,
  loaded: false,
  deliveries: [],
  received: [],
  menus: {},
  read: {},
};

export const chatKey = (persona: string, account: string): string => `${persona}/${account}`;

/** New things in place of older states of the same, in the order of their ids, the oldest dropped. */
export function mergeById<T extends { id: number }>(known: readonly T[], fresh: readonly T[]): T[] {
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of fresh) byId.set(one.id, one);
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-KEPT);
}

/** A delivery as it is now. An attempt seen before it began to run again is never taken for newer. */
export function withDelivery(chats: Chats, delivery: Delivery): Chats {
  // Reports of what was not pushed have no number.
  if (delivery.id === 0) return chats;
  const known = chats.deliveries.find(({ id }) => id === delivery.id);
  if (known && known.outcome !== 'running' && delivery.outcome === 'running') return chats;
  return {
    ...chats,
    revision: chats.revision + 1,
    deliveries: mergeById(chats.deliveries, [delivery]),
  };
}

export function withReceived(chats: Chats, message: Received): Chats {
  return { ...chats, revision: chats.revision + 1, received: mergeById(chats.received, [message]) };
}

/** Both lists as they were read; on the first reading everything counts as seen. */
export function withLists(chats: Chats, deliveries: Delivery[], received: Received[]): Chats {
  const read = { ...chats.read };
  if (!chats.loaded)
    for (const { persona, account, id } of received) {
      const key = chatKey(persona, account);
      read[key] = Math.max(read[key] ?? 0, id);
    }
  const withDeliveries = deliveries.reduce(withDelivery, chats);
  return {
    ...withDeliveries,
    revision: chats.revision + 1,
    loaded: true,
    received: mergeById(chats.received, received),
    read,
  };
}

/** How many messages of an account (of all accounts when none is named) a person has not seen. */
export function unread(chats: Chats, persona: string, account?: string): number {
  return chats.received.filter(
    (message) =>
      message.persona === persona &&
      (account === undefined || message.account === account) &&
      message.id > (chats.read[chatKey(persona, message.account)] ?? 0),
  ).length;
}

/** The person has seen the chat to its end. The same object when there was nothing new. */
export function withRead(chats: Chats, persona: string, account: string): Chats {
  const ids = chats.received
    .filter((one) => one.persona === persona && one.account === account)
    .map(({ id }) => id);
  const newest = ids.at(-1);
  const key = chatKey(persona, account);
  if (newest === undefined || newest <= (chats.read[key] ?? 0)) return chats;
  return { ...chats, revision: chats.revision + 1, read: { ...chats.read, [key]: newest } };
}
