import { expect, test } from 'vitest';
import { forgetEverything, miniStorage, shelfKey } from './storage';
import { fakeStorage } from './testing';

test('each person has their own things at each mini program', () => {
  const shelf = fakeStorage();
  const hong = miniStorage(shelf, 'mini', 'xiaohong');
  hong.set('session', { token: 't' });
  hong.set('n', 0);
  expect(hong.get('session')).toEqual({ token: 't' });
  expect(hong.keys()).toEqual(['session', 'n']);
  for (const other of [miniStorage(shelf, 'mini', 'xiaoming'), miniStorage(shelf, 'shop', 'xiaohong')]) {
    expect(other.keys()).toEqual([]);
    expect(() => other.get('session')).toThrow('getStorage:fail data not found');
  }
  hong.remove('n');
  expect(hong.info()).toEqual({ keys: ['session'], currentSize: 1, limitSize: 10240 });
  hong.clear();
  expect(hong.info()).toEqual({ keys: [], currentSize: 0, limitSize: 10240 });
});

test('what WeChat would not keep is refused and changes nothing', () => {
  const storage = miniStorage(fakeStorage(), 'mini', 'p');
  expect(() => storage.set('', 1)).toThrow('setStorage:fail');
  expect(() => storage.set('f', () => 1)).toThrow('setStorage:fail data is not JSON');
  expect(() => storage.set('big', '长'.repeat(400_000))).toThrow('entry size limit reached');
  for (let at = 0; at < 9; at += 1) storage.set(`k${at}`, 'x'.repeat(1_000_000));
  storage.set('k9', 'x'.repeat(1_000_000));
  expect(() => storage.set('k10', 'x'.repeat(1_000_000))).toThrow('exceed storage max size');
  expect(storage.keys()).toHaveLength(10);
});

test('broken storage counts as empty, and a new beginning forgets ours only', () => {
  const shelf = fakeStorage();
  shelf.setItem(shelfKey('mini', 'p'), '[broken');
  shelf.setItem('somebody else', '1');
  expect(miniStorage(shelf, 'mini', 'p').keys()).toEqual([]);
  miniStorage(shelf, 'mini', 'q').set('a', 1);
  forgetEverything(shelf);
  expect(shelf.length).toBe(1);
  expect(shelf.getItem('somebody else')).toBe('1');
});
