import { expect, test } from 'vitest';
import type { LedgerEntry } from '../types';
import { sendsTo } from './sends';

const call = (changes: Partial<LedgerEntry>) =>
  ({
    id: 1,
    at_ms: 7,
    path: '/cgi-bin/message/subscribe/send',
    body: '{"touser":"oA"}',
    status: 200,
    errcode: 0,
    ...changes,
  }) as LedgerEntry;

test('only messages to this person count, each with what became of it', () => {
  const ledger = [
    call({ id: 5, errcode: 43101 }),
    call({ id: 4, body: '{"touser":"oB"}' }),
    call({ id: 3, path: '/cgi-bin/token' }),
    call({ id: 2, body: 'broken' }),
    call({ id: 1 }),
  ];
  const sends = sendsTo(ledger, 'oA', {});
  expect(sends.map(({ id, ok }) => [id, ok])).toEqual([
    [5, false],
    [1, true],
  ]);
  expect(sends[0]?.text).toContain('没有可用的订阅次数');
});

test('other refusals say what their number means, lost answers that they are lost', () => {
  const meanings = { '47003': { code: 47003, errmsg: '', meaning_zh: '模板参数不准确', next_zh: '' } };
  expect(sendsTo([call({ errcode: 47003 })], 'oA', meanings)[0]?.text).toBe('47003：模板参数不准确');
  expect(sendsTo([call({ errcode: 40001 })], 'oA', meanings)[0]?.text).toBe('40001：微信拒绝了');
  expect(sendsTo([call({ status: 502 })], 'oA', {})[0]).toMatchObject({
    ok: false,
    text: '没有正常回答（HTTP 502）',
  });
});
