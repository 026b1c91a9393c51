import { expect, test } from 'vitest';
import { pageStorage } from './page-storage';

test('a storage that works is used', () => {
  const kept = new Map<string, string>();
  const storage = pageStorage(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  }));
  storage.setItem('a', '1');
  expect([storage.getItem('a'), kept.get('a')]).toEqual(['1', '1']);
});

test('a storage that is blocked or full disturbs nobody', () => {
  const blocked = pageStorage(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  blocked.setItem('a', '1');
  expect(blocked.getItem('a')).toBeNull();
  const full = pageStorage(() => ({
    getItem: () => 'old',
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  }));
  full.setItem('a', '1');
  expect(full.getItem('a')).toBe('old');
});
