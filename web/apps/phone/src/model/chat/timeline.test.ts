import { expect, test } from 'vitest';
import { NO_CHATS } from './chats';
import { delivery, received } from './samples';
import { timeline } from './timeline';

const reply = (content: string) =>
  ({ outcome: 'replied', shown: true, reply: { type: 'text', content } }) as const;

test('what answers something stands after it, even when the clock stands still', () => {
  const chats = {
    ...NO_CHATS,
    deliveries: [delivery({ id: 1, ...reply('one') }), delivery({ id: 2, ...reply('two') })],
    received: [
      received({ id: 1, content: { content: 'two' } }),
      received({ id: 2, content: { content: 'one' } }),
      received({ id: 3, channel: 'customer_service', content: { content: 'later' } }),
    ],
  };
  const items = timeline(chats, 'xiaoming', 'official');
  expect(items.map(({ id }) => id)).toEqual(['d1', 'm2', 'd2', 'm1', 'm3']);
  expect(items.map(({ side }) => side)).toEqual(['out', 'in', 'out', 'in', 'in']);
  expect(items[1]?.delivery?.id).toBe(1);
  expect(items[4]?.delivery).toBeUndefined();
});

test('two equal replies answer two messages; a notice belongs to the one that failed', () => {
  const notice = '该公众号提供的服务出现故障，请稍后再试';
  const chats = {
    ...NO_CHATS,
    deliveries: [
      delivery({ id: 1, ...reply('same') }),
      delivery({ id: 2, created_at_ms: 2000, ...reply('same') }),
      delivery({ id: 3, created_at_ms: 3000, outcome: 'failed', shown: true, notice }),
    ],
    received: [
      received({ id: 1, at_ms: 1500, content: { content: 'same' } }),
      received({ id: 2, at_ms: 2500, content: { content: 'same' } }),
      received({ id: 3, at_ms: 9000, channel: 'system', type: 'notice', content: { content: notice } }),
    ],
  };
  const items = timeline(chats, 'xiaoming', 'official');
  expect(items.map(({ id, delivery: of }) => [id, of?.id])).toEqual([
    ['d1', 1],
    ['m1', 1],
    ['d2', 2],
    ['m2', 2],
    ['d3', 3],
    ['m3', 3],
  ]);
});

test('events and transfers are lines in the middle; other people and accounts are elsewhere', () => {
  const chats = {
    ...NO_CHATS,
    deliveries: [delivery({ kind: 'event', type: 'subscribe' }), delivery({ id: 2, persona: 'xiaohong' })],
    received: [
      received({ type: 'transfer_customer_service', content: {} }),
      received({ id: 2, account: 'mini' }),
    ],
  };
  expect(timeline(chats, 'xiaoming', 'official').map(({ id, side }) => [id, side])).toEqual([
    ['d1', 'note'],
    ['m1', 'note'],
  ]);
});
