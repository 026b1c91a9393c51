import type { Exchange } from '@weiqiao/browser';
import { expect, test } from 'vitest';
import { enterCall, enterReturn, isForeign, type Journal, loadJournal, saveJournal } from './journal';

const STATE = 'abcdefghijklmnopqrstuvwxyz012345';

function exchange(path: string, changes: Partial<Exchange> = {}): Exchange {
  return { method: 'GET', path, status: 200, durationMs: 12, requestId: 'req-1', ...changes };
}

const AUTHORIZED = enterCall(
  {},
  exchange('/api/wechat/authorize-url?redirect_uri=x', {
    responseBody: { data: { url: 'u', state: STATE } },
  }),
);

test('a new login starts a new page', () => {
  const old: Journal = { check: { method: 'GET', path: '/', status: 200, durationMs: 1 } };
  const journal = enterCall(old, exchange('/api/wechat/authorize-url?redirect_uri=x'));
  expect(Object.keys(journal)).toEqual(['authorize']);
});

test('the way back is compared with the state sent', () => {
  const back = (href: string) => enterReturn(AUTHORIZED, href, []).returned;
  expect(back(`https://a.cn/?code=0123456789abc&state=${STATE}`)).toEqual({
    code: '0123…9abc',
    sent: STATE,
    received: STATE,
    verdict: 'match',
  });
  expect(back('https://a.cn/?code=0123456789abc&state=FORGED')).toMatchObject({
    verdict: 'mismatch',
    received: 'FORGED',
  });
  expect(back(`https://a.cn/?state=${STATE}`)).toMatchObject({ verdict: 'denied', code: null });
  expect(back('https://a.cn/?wechat_auth=denied')).toMatchObject({ verdict: 'denied' });
});

test("what this tab did not begin is another tab's, or nobody's", () => {
  const href = 'https://a.cn/?code=0123456789abc&state=X';
  const elsewhere = enterReturn({}, href, ['Y', 'X']);
  expect(elsewhere.returned?.verdict).toBe('left_to_service');
  expect(isForeign(elsewhere)).toBe(false);
  const foreign = enterReturn({}, href, ['Y']);
  expect(foreign.returned?.verdict).toBe('mismatch');
  expect(isForeign(foreign)).toBe(true);
  expect(isForeign(AUTHORIZED)).toBe(false);
});

test('an ordinary address changes nothing', () => {
  expect(enterReturn(AUTHORIZED, 'https://a.cn/?id=7', [])).toBe(AUTHORIZED);
  expect(enterReturn(AUTHORIZED, 'https://a.cn/?state=paid', [])).toBe(AUTHORIZED);
});

test('coming back again forgets the exchange of the time before', () => {
  const done = enterCall(AUTHORIZED, exchange('/api/wechat/auth', { method: 'POST' }));
  expect(done.stored).toBe(true);
  const again = enterReturn(done, `https://a.cn/?code=0123456789abc&state=${STATE}`, []);
  expect(again.exchange).toBeUndefined();
  expect(again.authorize).toBe(done.authorize);
});

test('nothing usable is written down', () => {
  const journal = enterCall(
    AUTHORIZED,
    exchange('/api/wechat/auth', {
      method: 'POST',
      requestBody: { code: '0123456789abc', state: STATE },
      responseBody: { data: { token: 'eyJhbGciOiJIUzI1NiJ9.x.y', user_info: { openid: 'oABCDEFGHIJKLMN' } } },
    }),
  );
  const written = new Map<string, string>();
  saveJournal({ setItem: (key, value) => void written.set(key, value) }, journal);
  const text = [...written.values()].join();
  for (const secret of ['0123456789abc', 'eyJhbGciOiJIUzI1NiJ9.x.y', 'oABCDEFGHIJKLMN'])
    expect(text).not.toContain(secret);
  expect(loadJournal({ getItem: (key) => written.get(key) ?? null })).toEqual(journal);
});

test('a broken journal is an empty one', () => {
  for (const text of ['{broken', '[]', 'null', '7']) expect(loadJournal({ getItem: () => text })).toEqual({});
});
