import { expect, test } from 'vitest';
import { asCurl, failures, KEPT, withRecord } from './request-log';
import type { RequestRecord } from './send-request';

const record = (changes: Partial<RequestRecord>): RequestRecord => ({
  id: 1,
  at: 0,
  method: 'POST',
  url: 'http://s/api',
  path: '/api',
  status: 200,
  ms: 1,
  running: false,
  header: {},
  sent: '',
  received: '',
  requestId: '',
  failure: '',
  ...changes,
});

test('a call stands where it began; the oldest are dropped', () => {
  const first = withRecord([], record({ id: 1, running: true }));
  const second = withRecord(first, record({ id: 2 }));
  const ended = withRecord(second, record({ id: 1, status: 500 }));
  expect(ended.map(({ id, status }) => [id, status])).toEqual([
    [2, 200],
    [1, 500],
  ]);
  const many = Array.from({ length: KEPT + 5 }, (_, id) => record({ id })).reduce(
    withRecord,
    [] as RequestRecord[],
  );
  expect(many).toHaveLength(KEPT);
  expect(many[0]?.id).toBe(KEPT + 4);
});

test('failures are refusals and calls without an answer, not those still running', () => {
  const log = [
    record({ status: 200 }),
    record({ status: 404 }),
    record({ status: 0 }),
    record({ status: 0, running: true }),
  ];
  expect(failures(log)).toBe(2);
});

test('a call can be repeated in a terminal, quotes and all', () => {
  const line = asCurl(record({ header: { 'content-type': 'application/json' }, sent: `{"n":"it's"}` }));
  expect(line).toContain(`-H 'content-type: application/json'`);
  expect(line).toContain(`-d '{"n":"it'\\''s"}'`);
});
