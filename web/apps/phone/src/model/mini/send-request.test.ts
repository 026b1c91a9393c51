import { expect, test } from 'vitest';
import { DISCONNECTED } from './explain';
import { type RequestDeps, type RequestRecord, sendRequest } from './send-request';
import { answer } from './testing';

function deps(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  service: string | null = 'http://s:1/',
) {
  const reports: RequestRecord[] = [];
  const sent: [string, RequestInit][] = [];
  let time = 100;
  const made: RequestDeps = {
    fetch: ((url: string, init: RequestInit) => {
      sent.push([url, init]);
      time += 12.4;
      return fetch(url, init);
    }) as typeof globalThis.fetch,
    clock: () => time,
    now: () => 5000,
    online: () => true,
    service,
    report: (record) => void reports.push(record),
    nextId: 3,
  };
  return { made, reports, sent };
}

test('a call goes to the service without cookies, and both ends of it are told', async () => {
  const { made, reports, sent } = deps(async () => answer(200, { ok: 1 }, { 'x-request-id': 'r1' }));
  const header = { Authorization: 'Bearer abcdefghijklmnop', 'Idempotency-Key': 'k' };
  const result = await sendRequest(made, { url: '/api/x?y=1', method: 'POST', data: { a: '小红' }, header });
  expect(result).toMatchObject({ statusCode: 200, data: { ok: 1 } });
  expect(sent[0]?.[0]).toBe('http://s:1/api/x?y=1');
  expect(sent[0]?.[1]).toMatchObject({
    method: 'POST',
    credentials: 'omit',
    body: '{"a":"小红"}',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer abcdefghijklmnop',
      'idempotency-key': 'k',
    },
  });
  expect(reports.map(({ running, status, ms }) => [running, status, ms])).toEqual([
    [true, 0, 0],
    [false, 200, 12],
  ]);
  expect(reports[1]).toMatchObject({ id: 3, path: '/api/x', requestId: 'r1', received: '{"ok":1}' });
  expect(JSON.stringify(reports)).not.toContain('abcdefghijklmnop');
});

test('a refusal is an answer; what is no JSON stays text', async () => {
  const { made, reports } = deps(async () => answer(502, '<html>'));
  expect(await sendRequest(made, { url: '/x' })).toMatchObject({ statusCode: 502, data: '<html>' });
  expect(reports[1]?.failure).toBe('');
});

test('without an answer the call fails with WeChat’s words', async () => {
  const down = deps(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(sendRequest(down.made, { url: '/x' })).rejects.toThrow('request:fail connection failed');
  expect(down.reports[1]).toMatchObject({ running: false, status: 0, failure: 'connection failed' });
  const slow = deps(() => Promise.reject(new DOMException('late', 'TimeoutError')));
  await expect(sendRequest(slow.made, { url: '/x' })).rejects.toMatchObject({
    errMsg: 'request:fail timeout',
    errCode: 5,
  });
});

test('an address that is none is refused before anything is sent', async () => {
  const { made, reports, sent } = deps(async () => answer(200, {}), null);
  for (const url of ['/api/x', 'javascript:alert(1)', 'wss://s'])
    await expect(sendRequest(made, { url })).rejects.toThrow('request:fail invalid url');
  expect([reports, sent]).toEqual([[], []]);
});

test('a device without a network is told apart from a service that does not answer', async () => {
  const { made, reports } = deps(() => Promise.reject(new TypeError('fetch failed')));
  await expect(sendRequest(made, { url: '/x' })).rejects.toThrow('connection failed');
  const offline = { ...made, online: () => false };
  await expect(sendRequest(offline, { url: '/x' })).rejects.toThrow(DISCONNECTED);
  expect(reports.at(-1)).toMatchObject({ running: false, failure: DISCONNECTED });
});
