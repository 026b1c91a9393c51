import { expect, test } from 'vitest';
import { KEPT, mergeById, NO_CHATS, unread, withDelivery, withLists, withRead, withReceived } from './chats';
import { delivery, received } from './samples';

test('things are known by their ids, in order, the oldest dropped', () => {
  const merged = mergeById([received({ id: 2, type: 'text' })], [received({ id: 3 }), received({ id: 1 })]);
  expect(merged.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(mergeById(merged, [received({ id: 2, type: 'image' })])[1]?.type).toBe('image');
  const many = Array.from({ length: KEPT + 5 }, (_, id) => received({ id: id + 1 }));
  expect(mergeById([], many)[0]?.id).toBe(6);
});

test('a finished delivery does not run again, and what was not pushed is not kept', () => {
  const done = withDelivery(NO_CHATS, delivery({ outcome: 'replied' }));
  expect(withDelivery(done, delivery({ outcome: 'running' }))).toBe(done);
  expect(withDelivery(done, delivery({ id: 0, outcome: 'unchanged' }))).toBe(done);
  expect(withDelivery(done, delivery({ id: 2 })).deliveries).toHaveLength(2);
  expect(done.revision).toBe(1);
});

test('what was there at first is read, what comes later is not until it is seen', () => {
  const first = withLists(NO_CHATS, [], [received({ id: 4 }), received({ id: 5, account: 'shop' })]);
  expect(unread(first, 'xiaoming')).toBe(0);
  const again = withLists(first, [], [received({ id: 6 })]);
  const later = withReceived(again, received({ id: 7, account: 'shop' }));
  expect([
    unread(later, 'xiaoming'),
    unread(later, 'xiaoming', 'official'),
    unread(later, 'xiaohong'),
  ]).toEqual([2, 1, 0]);
  const seen = withRead(later, 'xiaoming', 'official');
  expect([unread(seen, 'xiaoming'), unread(seen, 'xiaoming', 'shop')]).toEqual([1, 1]);
  expect(withRead(seen, 'xiaoming', 'official')).toBe(seen);
  expect(withRead(seen, 'xiaohong', 'official')).toBe(seen);
});
