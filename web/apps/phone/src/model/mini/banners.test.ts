import { expect, test } from 'vitest';
import { received } from '../chat/samples';
import { bannerFor, withBanner, withoutBanner } from './banners';

test('notifications slide in on their owner’s phone only, the newest first; chats do not', () => {
  const first = received({ id: 1, channel: 'subscription', persona: 'advisor-li' });
  const second = received({ id: 2, channel: 'template', persona: 'advisor-li' });
  const banners = [first, received({ id: 3, channel: 'reply' }), second].reduce(withBanner, []);
  expect(banners.map(({ id }) => id)).toEqual([1, 2]);
  expect(bannerFor(banners, 'advisor-li')?.id).toBe(2);
  expect(bannerFor(banners, 'xiaohong')).toBeUndefined();
  expect(bannerFor(withoutBanner(banners, 2), 'advisor-li')?.id).toBe(1);
  expect(withoutBanner(banners, 9)).toBe(banners);
});
