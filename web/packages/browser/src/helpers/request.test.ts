import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeWindow } from '../testing/fake-window';
import { failure, success } from '../testing/samples';
import { request } from './request';
import { saveToken } from './session-store';

const SPEC = { method: 'GET', path: '/api/x' } as const;

function aContext() {
  const window = new FakeWindow('https://shop.cn/');
  return { window, context: createContext(window) };
}

test('data comes out of the envelope; undefined query values are left out, others encoded once', async () => {
  const { window, context } = aContext();
  window.answer('GET /api/x', success({ a: 1 }));
  await expect(
    request(context, { ...SPEC, query: { url: 'https://a.cn/?b=1&c=2', scope: undefined } }),
  ).resolves.toEqual({ a: 1 });
  expect(window.requests[0]?.query).toEqual({ url: 'https://a.cn/?b=1&c=2' });
});

test('a refusal carries message and request id', async () => {
  const { window, context } = aContext();
  window.answer('GET /api/x', failure(400, '请求参数错误', { code: 'VALIDATION_FAILED' }));
  await expect(request(context, SPEC)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: '请求参数错误',
    details: { status: 400, serverCode: 'VALIDATION_FAILED', requestId: 'req-1' },
  });
});

test.each([
  [200, '<html>login portal</html>', 'BAD_RESPONSE'],
  [502, '<html>Bad Gateway</html>', 'SERVICE_UNAVAILABLE'],
  [200, '[1]', 'BAD_RESPONSE'],
  [200, '', 'BAD_RESPONSE'],
])('HTTP %i with %j is %s', async (status, text, code) => {
  const { window, context } = aContext();
  window.answer('GET /api/x', { status, text });
  await expect(request(context, SPEC)).rejects.toMatchObject({ code });
});

test('HTTP 200 that does not say success is no success', async () => {
  const { window, context } = aContext();
  window.answer('GET /api/x', { status: 200, body: { message: 'hello' } });
  await expect(request(context, SPEC)).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: 'hello' });
});

test('no network and no answer in time are told apart', async () => {
  const { window, context } = aContext();
  window.answer('GET /api/x', 'offline');
  await expect(request(context, SPEC)).rejects.toMatchObject({
    code: 'NETWORK_FAILED',
    cause: expect.any(TypeError),
  });
  window.answer('GET /api/x', 'hangs');
  const pending = request(context, SPEC);
  window.fireTimer(15_000);
  await expect(pending).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('a request may be about another session than the one kept here', async () => {
  const window = new FakeWindow('https://shop.cn/');
  saveToken(window.localStorage, 'kept');
  window.answer('GET /api/x', success({}));
  const context = createContext(window, { session: 'token' });
  for (const whose of [{}, { bearer: 'other' }, { bearer: null }])
    await request(context, { ...SPEC, ...whose });
  expect(window.requests.map(({ headers, credentials }) => [headers.authorization, credentials])).toEqual([
    ['Bearer kept', 'include'],
    ['Bearer other', 'omit'],
    [undefined, 'include'],
  ]);
});
