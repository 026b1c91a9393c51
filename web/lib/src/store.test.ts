import { expect, test } from 'vitest';
import { Store } from './store';

test('a watcher is told at once and then only of what it picked', () => {
  const store = new Store({ a: 1, b: { c: [1] } });
  const seen: unknown[] = [];
  store.watch(
    (state) => state.b,
    (b) => seen.push(b),
  );
  store.update({ a: 2 });
  store.update({ b: { c: [1] } });
  store.update({ b: { c: [1, 2] } });
  expect(seen).toEqual([{ c: [1] }, { c: [1, 2] }]);
  expect(store.state).toEqual({ a: 2, b: { c: [1, 2] } });
});

test('picking nothing is a value like any other', () => {
  const store = new Store<{ a: number | undefined }>({ a: undefined });
  const seen: unknown[] = [];
  store.watch(
    (state) => state.a,
    (a) => seen.push(a),
  );
  store.update({ a: 1 });
  store.update({ a: undefined });
  expect(seen).toEqual([undefined, 1, undefined]);
});
