import { expect, test } from 'vitest';
import type { Call } from './journal';
import { describeSteps } from './steps';

const OK: Call = { method: 'GET', path: '/', status: 200, durationMs: 5 };
const REFUSED: Call = { ...OK, status: 500 };
const MATCH = { code: '01…', sent: 'S', received: 'S', verdict: 'match' } as const;

const statuses = (...arguments_: Parameters<typeof describeSteps>) =>
  describeSteps(...arguments_).map((step) => step.status);

test('before anything happened every step waits', () => {
  expect(statuses({}, null)).toEqual(Array(6).fill('waiting'));
});

test('a whole login is six steps done', () => {
  const steps = describeSteps(
    { authorize: OK, returned: MATCH, exchange: OK, stored: true, check: OK },
    null,
  );
  expect(steps.map((step) => step.status)).toEqual(Array(6).fill('done'));
  expect(steps[2]?.facts).toEqual([
    ['发出', 'S'],
    ['收到', 'S'],
    ['结论', '一致'],
  ]);
  expect(steps[3]?.call).toBe(OK);
});

test('a reload shows only the check', () => {
  expect(statuses({ check: OK }, null)).toEqual([
    'waiting',
    'waiting',
    'waiting',
    'waiting',
    'waiting',
    'done',
  ]);
});

test('where it stopped is where it failed', () => {
  expect(statuses({ authorize: REFUSED }, null)[0]).toBe('failed');
  expect(
    statuses({ authorize: OK, returned: { ...MATCH, verdict: 'mismatch', received: 'X' } }, null),
  ).toEqual(['done', 'done', 'failed', 'waiting', 'waiting', 'waiting']);
  expect(
    statuses({ authorize: OK, returned: { ...MATCH, code: null, verdict: 'denied' } }, null).slice(1, 3),
  ).toEqual(['failed', 'waiting']);
  expect(statuses({ authorize: OK, returned: MATCH, exchange: REFUSED }, null).slice(3)).toEqual([
    'failed',
    'waiting',
    'waiting',
  ]);
});

test('without a record in this tab the verdict is the one of the service', () => {
  const returned = { ...MATCH, sent: null, verdict: 'left_to_service' } as const;
  expect(statuses({ returned }, 'exchange').slice(2, 4)).toEqual(['waiting', 'running']);
  expect(statuses({ returned, exchange: OK }, null)[2]).toBe('done');
  expect(statuses({ returned, exchange: REFUSED }, null)[2]).toBe('failed');
});
