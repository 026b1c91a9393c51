import { expect, test } from 'vitest';
import { coalesce } from './coalesce';

test('a burst is one look now and one afterwards', async () => {
  const gates: (() => void)[] = [];
  let runs = 0;
  const look = coalesce(() => {
    runs += 1;
    return new Promise((resolve) => gates.push(resolve));
  });
  const first = look();
  look();
  look();
  expect(runs).toBe(1);
  gates.shift()?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(runs).toBe(2);
  gates.shift()?.();
  await first;
  expect(runs).toBe(2);
  void look();
  expect(runs).toBe(3);
});

test('a failed look does not block the next', async () => {
  let runs = 0;
  const look = coalesce(async () => {
    runs += 1;
    throw new Error('away');
  });
  await expect(look()).rejects.toThrow('away');
  await expect(look()).rejects.toThrow('away');
  expect(runs).toBe(2);
});
