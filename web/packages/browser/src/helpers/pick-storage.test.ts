import { expect, test } from 'vitest';
import { FakeStorage } from '../testing/fake-window';
import { pickStorage } from './pick-storage';

test('a working storage is used as it is and left clean', () => {
  const storage = new FakeStorage();
  expect(pickStorage(() => storage)).toBe(storage);
  expect(storage.values.size).toBe(0);
});

test('a storage that throws on access or on write is replaced by memory', () => {
  const blocked = pickStorage(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  blocked.setItem('a', '1');
  expect(blocked.getItem('a')).toBe('1');
  blocked.removeItem('a');
  expect(blocked.getItem('a')).toBeNull();

  const full = new FakeStorage();
  full.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  expect(pickStorage(() => full)).not.toBe(full);
});
