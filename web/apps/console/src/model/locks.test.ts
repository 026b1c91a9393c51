import { expect, test } from 'vitest';
import { createLocks } from './locks';
import { Problem } from './problem';

const shut = (seconds: string) =>
  Problem.of(429, seconds, { message: '请稍后再试', error: { code: 'TOO_MANY_ATTEMPTS' } });

test('only the name that was locked out waits, until its time is over', () => {
  let now = 1_000_000;
  const locks = createLocks(() => now);
  locks.add('Li', shut('60'));
  expect(locks.of('wang')).toBeUndefined();
  expect(locks.of(' li ')).toMatchObject({ seconds: 60, problem: { trouble: 'locked' } });
  locks.add('wang', shut('600'));
  now += 59_000;
  expect(locks.of('li')?.seconds).toBe(1);
  now += 1_000;
  expect(locks.of('li')).toBeUndefined();
  expect(locks.of('wang')?.seconds).toBe(540);
});
