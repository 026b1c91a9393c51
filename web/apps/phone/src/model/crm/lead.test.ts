import { expect, test } from 'vitest';
import type { RequestOptions } from '../mini/send-request';
import { miniStorage } from '../mini/storage';
import { fakeStorage } from '../mini/testing';
import type { Wx } from '../mini/wx';
import { WxError } from '../mini/wx-error';
import { createStaffDesk } from './lead';

function rig(answers: ([number, unknown] | 'down')[]) {
  const sent: RequestOptions[] = [];
  const storage = miniStorage(fakeStorage(), 'mini', 'advisor-li');
  const wx = {
    request: async (options: RequestOptions) => {
      sent.push(options);
      const next = answers.shift() ?? 'down';
      if (next === 'down') throw new WxError('request:fail connection failed');
      return { statusCode: next[0], data: next[1], header: {}, errMsg: '' };
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
  return { desk: createStaffDesk(wx, () => 'http://s'), sent };
}

const TOKEN: [number, unknown] = [200, { data: { access_token: 'staff' } }];

test('staff log in with name and password and find the lead of a message', async () => {
  const { desk, sent } = rig([
    TOKEN,
    [200, { data: { id: 'L', name: '小*' } }],
    [404, { message: '没有这条线索' }],
    [200, { data: { name: '小红', phone: '13800000002' } }],
  ]);
  expect(await desk.signedIn()).toBe(false);
  await desk.login('admin', 'secret');
  expect(await desk.signedIn()).toBe(true);
  expect(await desk.lead('L')).toMatchObject({ name: '小*' });
  expect(sent[0]).toMatchObject({ url: '/api/auth/login', data: { username: 'admin', password: 'secret' } });
  expect(sent[1]?.header).toEqual({ authorization: 'Bearer staff' });
  expect(sent[1]?.url).toBe('/api/admin/leads/L');
  expect(await desk.lead('oOpenid')).toBeNull();
  expect(await desk.reveal('L', '客户要求回电')).toEqual({ name: '小红', phone: '13800000002' });
  expect(sent[3]).toMatchObject({
    url: '/api/admin/leads/L/reveal',
    method: 'POST',
    data: { reason: '客户要求回电' },
  });
});

test('a wrong password is told in the service’s words; a refused token is forgotten', async () => {
  const { desk } = rig([[401, { message: '用户名或密码错误' }], TOKEN, [401, {}], 'down']);
  await expect(desk.login('admin', 'x')).rejects.toMatchObject({ explained: { why: '用户名或密码错误' } });
  await desk.login('admin', 'y');
  await expect(desk.lead('L')).rejects.toMatchObject({ explained: { title: '员工登录已过期' } });
  expect(await desk.signedIn()).toBe(false);
  await expect(desk.lead('L')).rejects.toMatchObject({ explained: { title: '连不上服务' } });
});
