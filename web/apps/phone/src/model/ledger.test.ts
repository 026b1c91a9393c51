import { expect, test } from 'vitest';
import {
  explainEntry,
  maskQuery,
  matches,
  mergeEntries,
  prettyBody,
  SHOWN,
  tokenText,
  verdict,
} from './ledger';
import type { LedgerEntry } from './types';

function entry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: 1,
    at_ms: 0,
    method: 'GET',
    path: '/cgi-bin/token',
    query: {},
    body: '',
    account: 'official',
    token: null,
    status: 200,
    errcode: 0,
    answer: '{}',
    rid: '62de-1',
    delivered: true,
    fault: null,
    took_ms: 1,
    remote: '',
    user_agent: '',
    ...changes,
  };
}

test('new entries come first, known ones are not repeated, old ones go', () => {
  const known = [entry({ id: 2 }), entry({ id: 1 })];
  expect(
    mergeEntries(known, [entry({ id: 2 }), entry({ id: 3 }), entry({ id: 4 })]).map((one) => one.id),
  ).toEqual([4, 3, 2, 1]);
  expect(mergeEntries(known, [])).toBe(known);
  const many = Array.from({ length: SHOWN + 5 }, (_, index) => entry({ id: index + 10 }));
  expect(mergeEntries(known, many)).toHaveLength(SHOWN);
});

test('a call ends well, with an errcode, an HTTP status, or not at all', () => {
  expect(verdict(entry())).toEqual({ text: '成功', tone: 'green' });
  expect(verdict(entry({ fault: 3 }))).toEqual({ text: '成功 · 有故障', tone: 'amber' });
  expect(verdict(entry({ errcode: 40163 }))).toEqual({ text: '40163', tone: 'red' });
  expect(verdict(entry({ status: 502 }))).toEqual({ text: 'HTTP 502', tone: 'red' });
  expect(verdict(entry({ status: 0 }))).toEqual({ text: '连接中断', tone: 'red' });
});

test('an error is explained from the table; an unknown one still says something', () => {
  const table = {
    40163: { code: 40163, errmsg: 'code been used', meaning_zh: '授权码已被使用', next_zh: '重新授权。' },
  };
  expect(explainEntry(entry({ errcode: 40163 }), table)).toEqual({
    meaning: '授权码已被使用。',
    next: '重新授权。',
  });
  expect(explainEntry(entry({ errcode: 40163, fault: 7 }), table)?.meaning).toBe(
    '授权码已被使用。这是故障 #7 造成的。',
  );
  expect(explainEntry(entry({ errcode: 99 }), table)?.meaning).toBe('没有收录的错误码。');
  expect(explainEntry(entry({ status: 502 }), table)?.meaning).toContain('HTTP 502');
  expect(explainEntry(entry({ status: 0 }), table)?.next).toContain('不确定');
  expect(explainEntry(entry(), table)).toBeNull();
});

test('a token is told by line, generation and health', () => {
  expect(tokenText({ line: 'stable', generation: 3, status: 'current' })).toBe('稳定版第 3 代，最新');
  expect(tokenText({ line: 'classic', generation: 1, status: 'stale' })).toBe(
    '普通版第 1 代，已被替换，失效',
  );
  expect(tokenText({ line: null, generation: 0, status: 'unknown' })).toBe('不是这里签发的');
});

test('secrets keep their ends only', () => {
  expect(maskQuery({ appid: 'wx1111111111111111', secret: '11111111111111111111111111111111' })).toEqual([
    ['appid', 'wx1111111111111111'],
    ['secret', '1111…1111'],
  ]);
  expect(
    prettyBody('{"access_token":"abcdefghijkl","list":[{"ticket":"mnopqrstuvwx"}],"expires_in":7200}'),
  ).toBe(
    JSON.stringify({ access_token: 'abcd…ijkl', list: [{ ticket: 'mnop…uvwx' }], expires_in: 7200 }, null, 2),
  );
  expect(prettyBody('<html>')).toBe('<html>');
});

test('the filter looks at path, account, errcode and rid', () => {
  const one = entry({ errcode: 40163 });
  for (const text of ['', ' TOKEN ', 'official', '4016', '62DE']) expect(matches(one, text)).toBe(true);
  expect(matches(one, 'ticket')).toBe(false);
});
