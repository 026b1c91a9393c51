import { expect, test } from 'vitest';
import { ownStates, rememberOwnState } from './own-logins';

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test('the last five logins are remembered, the newest first', () => {
  const storage = memory();
  for (const state of ['a', 'b', 'c', 'd', 'e', 'f']) rememberOwnState(storage, state);
  expect(ownStates(storage)).toEqual(['f', 'e', 'd', 'c', 'b']);
});

test('what is no list of ours is nothing', () => {
  for (const text of ['{broken', '{}', 'null', '[7]']) expect(ownStates({ getItem: () => text })).toEqual([]);
});
