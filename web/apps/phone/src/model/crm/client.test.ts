import { expect, test } from 'vitest';
import type { RequestOptions } from '../mini/send-request';
import { miniStorage } from '../mini/storage';
import { fakeStorage } from '../mini/testing';
import type { Wx } from '../mini/wx';
import { WxError } from '../mini/wx-error';
import { createCrm, ServiceError } from './client';

type Answer = [status: number, data: unknown];

/** A `wx` whose service gives these answers, one after the other. */
function rig(answers: (Answer | 'down')[]) {
  const sent: RequestOptions[] = [];
  const storage = miniStorage(fakeStorage(), 'mini', 'xiaohong');
  let codes = 0;
  const wx = {
    login: async () => ({ code: `code-${++codes}`, errMsg: 'login:ok' }),
    request: async (options: RequestOptions) => {
      sent.push(options);
      const next = answers.shift() ?? 'down';
      if (next === 'down') throw new WxError('request:fail connection failed');
      return { statusCode: next[0], data: next[1], header: {}, errMsg: 'request:ok' };
    },
    getStorage: async ({ key }: { key: string }) => ({ data: storage.get(key), errMsg: '' }),
    setStorage: async ({ key, data }: { key: string; data: unknown }) => {
      storage.set(key, data);
      return { errMsg: '' };
    },
    removeStorage: async ({ key }: { key: string }) => {
      storage.remove(key);
      return { errMsg: '' };
    },
  } as unknown as Wx;
  return { crm: createCrm(wx, () => 'http://s'), sent, storage };
}

const LOGGED_IN: Answer = [200, { data: { openid: 'oA', token: 't1', expires_at: 9 } }];
const AGAIN: Answer = [200, { data: { openid: 'oA', token: 't2', expires_at: 10 } }];

test('a login keeps the session and nothing else', async () => {
  const { crm, sent, storage } = rig([LOGGED_IN]);
  expect(await crm.session()).toBeNull();
  await crm.login();
  expect(sent[0]).toMatchObject({ url: '/api/wechat/openid', method: 'POST', data: { code: 'code-1' } });
  expect(storage.get('session')).toEqual({ openid: 'oA', token: 't1', expires_at: 9 });
});

test('the login that gives a token only asks who it is', async () => {
  const { crm, sent } = rig([
    [200, { data: { token: 't1' } }],
    [200, { data: { user_info: { openid: 'oA' }, session: { expires_at: 9 } } }],
  ]);
  expect(await crm.login('token')).toEqual({ openid: 'oA', token: 't1', expires_at: 9 });
  expect(sent.map(({ url }) => url)).toEqual(['/auth/wechat/mini', '/api/me']);
  expect(sent[1]?.header).toEqual({ authorization: 'Bearer t1' });
});

test('an action has the documented fields, the session and a key', async () => {
  const { crm, sent } = rig([LOGGED_IN, [200, { data: { actionId: 'a', customerCreated: true } }]]);
  await crm.login();
  const acted = await crm.act({
    advisorId: 'li',
    type: 'contact_advisor',
    phone: '13800000002',
    name: '',
    key: 'k',
  });
  expect(acted.customerCreated).toBe(true);
  expect(sent[1]).toMatchObject({
    url: '/api/customer/action',
    header: { authorization: 'Bearer t1', 'idempotency-key': 'k' },
  });
  expect(sent[1]?.data).toEqual({
    customerId: 'oA',
    advisorId: 'li',
    actionType: 'contact_advisor',
    actionData: {},
    resumeId: 'li',
    customerPhone: '13800000002',
  });
});

test('a session that has ended is renewed once, with the same key', async () => {
  const { crm, sent } = rig([
    LOGGED_IN,
    [401, {}],
    AGAIN,
    [200, { data: { actionId: 'a', customerCreated: false } }],
  ]);
  await crm.login();
  await crm.act({ advisorId: 'li', type: 'view_resume', key: 'k' });
  expect(sent.map(({ url, header }) => [url, header?.authorization])).toEqual([
    ['/api/wechat/openid', undefined],
    ['/api/customer/action', 'Bearer t1'],
    ['/api/wechat/openid', undefined],
    ['/api/customer/action', 'Bearer t2'],
  ]);
  expect(sent[3]?.header?.['idempotency-key']).toBe('k');
  const refused = rig([LOGGED_IN, [401, {}], AGAIN, [401, {}]]);
  await refused.crm.login();
  await expect(refused.crm.phone('c')).rejects.toThrow(ServiceError);
});

test('without a session the service is not asked', async () => {
  const { crm, sent } = rig([]);
  await expect(crm.phone('c')).rejects.toMatchObject({ explained: { title: '请先登录' } });
  expect(sent).toEqual([]);
});

test('what goes wrong is explained: no answer, or a refusal in the service’s words', async () => {
  const { crm } = rig([
    LOGGED_IN,
    'down',
    [403, { message: '没有这个顾问', error: { code: 'ADVISOR_UNKNOWN' } }],
  ]);
  await crm.login();
  const subscribe = () => crm.subscribe('li', 'T', true, { T: 'accept' });
  await expect(subscribe()).rejects.toMatchObject({ explained: { title: '连不上服务', retry: true } });
  await expect(subscribe()).rejects.toMatchObject({ explained: { title: '没有权限', why: '没有这个顾问' } });
});

test('a logout forgets the session even when the service is away', async () => {
  const { crm, sent } = rig([LOGGED_IN, 'down']);
  await crm.login();
  await crm.logout();
  expect(await crm.session()).toBeNull();
  expect(sent[1]).toMatchObject({ url: '/api/logout', header: { authorization: 'Bearer t1' } });
});
