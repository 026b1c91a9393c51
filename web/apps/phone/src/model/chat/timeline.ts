import type { Chats } from './chats';
import type { Delivery, Received } from './types';

/** One thing in a chat: what the person did, or what came. */
export interface Item {
  /** Unique in the chat. */
  id: string;
  at_ms: number;
  /** `out`: a message of the person; `in`: one of the account; `note`: a line in the middle. */
  side: 'out' | 'in' | 'note';
  /** What the person did; with a reply or notice what it answers. */
  delivery?: Delivery;
  received?: Received;
}

/** A chat of one person and one account, oldest first. What answers something stands after it, even in frozen time. */
export function timeline(chats: Chats, persona: string, account: string): Item[] {
  const ours = (one: { persona: string; account: string }) =>
    one.persona === persona && one.account === account;
  const deliveries = chats.deliveries.filter(ours);
  const answered = answers(deliveries, chats.received.filter(ours));
  const items: { item: Item; after: number }[] = deliveries.map((delivery) => ({
    item: {
      id: `d${delivery.id}`,
      at_ms: delivery.created_at_ms,
      side: delivery.kind === 'message' ? 'out' : 'note',
      delivery,
    },
    after: delivery.id,
  }));
  for (const [received, delivery] of answered) {
    const transfer = received.type === 'transfer_customer_service';
    items.push({
      item: {
        id: `m${received.id}`,
        at_ms: received.at_ms,
        side: transfer ? 'note' : 'in',
        received,
        ...(delivery ? { delivery } : {}),
      },
      after: delivery ? delivery.id + 0.5 : Number.POSITIVE_INFINITY,
    });
  }
  return items
    .sort((a, b) => a.item.at_ms - b.item.at_ms || a.after - b.after || idOf(a.item) - idOf(b.item))
    .map(({ item }) => item);
}

const idOf = (item: Item): number => item.received?.id ?? 0;

/** Which delivery each received message answers: the first that ended with just this and has no answer yet. */
function answers(deliveries: Delivery[], received: Received[]): [Received, Delivery | undefined][] {
  const free = deliveries.filter((one) => one.shown && (one.reply || one.notice));
  return received.map((message) => {
    const at = free.findIndex((one) => one.created_at_ms <= message.at_ms && isAnswer(one, message));
    return [message, at < 0 ? undefined : free.splice(at, 1)[0]];
  });
}

function isAnswer(delivery: Delivery, message: Received): boolean {
  if (message.channel === 'system') return delivery.notice === message.content.content;
  if (message.channel !== 'reply' || !delivery.reply) return false;
  const { type, ...content } = delivery.reply;
  return type === message.type && JSON.stringify(content) === JSON.stringify(message.content);
}
