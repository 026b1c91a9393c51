import { expect, test } from 'vitest';
import { FakeStorage } from '../testing/fake-window';
import { guardStorage, pickStorage } from './pick-storage';
import { WeiqiaoError } from './weiqiao-error';

test('a working storage is used and left clean', () => {
  const own = new FakeStorage();
  const { storage, refusal } = pickStorage(() => own);
  expect(refusal).toBeUndefined();
  expect(own.values.size).toBe(0);
  storage.setItem('a', '1');
  expect([own.getItem('a'), storage.getItem('a')]).toEqual(['1', '1']);
  storage.removeItem('a');
  expect(own.values.size).toBe(0);
});

test('a storage that throws on access or on write is replaced by memory, and why is known', () => {
  const denied = new DOMException('denied', 'SecurityError');
  const { storage, refusal } = pickStorage(() => {
    throw denied;
  });
  expect(refusal).toBe(denied);
  storage.setItem('a', '1');
  expect(storage.getItem('a')).toBe('1');
  storage.removeItem('a');
  expect(storage.getItem('a')).toBeNull();

  const full = new FakeStorage();
  const quota = new DOMException('full', 'QuotaExceededError');
  full.setItem = () => {
    throw quota;
  };
  expect(pickStorage(() => full).refusal).toBe(quota);
});

test.each(['getItem', 'setItem', 'removeItem'] as const)(
  '%s that throws later is an error of ours',
  (name) => {
    const own = new FakeStorage();
    const failure = new DOMException('full', 'QuotaExceededError');
    own[name] = () => {
      throw failure;
    };
    let seen: unknown;
    try {
      guardStorage(own)[name]('a', '1');
    } catch (error) {
      seen = error;
    }
    expect(seen).toBeInstanceOf(WeiqiaoError);
    expect(seen).toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause: failure, retryable: false });
  },
);
