import { expect, test } from 'vitest';
import { miniStorage } from './storage';
import { fakeStorage } from './testing';
import { createWx, pageUrl, type WxHost } from './wx';

function made(changes: Partial<WxHost> = {}) {
  const done: unknown[] = [];
  const host: WxHost = {
    code: async () => '0abc',
    request: async () => ({ statusCode: 200, data: {}, header: {} }),
    storage: miniStorage(fakeStorage(), 'mini', 'p'),
    stored: () => void done.push('stored'),
    subscribe: async (ids) => ({
      errMsg: 'requestSubscribeMessage:ok',
      ...Object.fromEntries(ids.map((id) => [id, 'accept'])),
    }),
    subscriptions: async () => ({
      main_switch: true,
      items: [
        { template_id: 'T', kept: 'reject' },
        { template_id: 'U', kept: null },
      ],
    }),
    go: (how, url) => void done.push([how, url]),
    back: (delta) => void done.push(['back', delta]),
    toast: (title, icon) => void done.push([title, icon]),
    title: (text) => void done.push(text),
    launched: () => ({ path: 'pages/a', query: {}, scene: 1001 }),
    ...changes,
  };
  return { wx: createWx(host), done };
}

test('every call answers as WeChat’s does', async () => {
  const { wx, done } = made();
  expect(await wx.login()).toEqual({ code: '0abc', errMsg: 'login:ok' });
  expect(await wx.request({ url: '/x' })).toMatchObject({ statusCode: 200, errMsg: 'request:ok' });
  expect(await wx.requestSubscribeMessage({ tmplIds: ['T'] })).toMatchObject({ T: 'accept' });
  expect((await wx.getSetting()).subscriptionsSetting).toEqual({
    mainSwitch: true,
    itemSettings: { T: 'reject' },
  });
  await wx.navigateTo({ url: pageUrl('pages/a', { id: '1' }) });
  await wx.navigateBack();
  await wx.showToast({ title: '好' });
  await wx.setNavigationBarTitle({ title: '简历' });
  expect(done).toEqual([['navigateTo', '/pages/a?id=1'], ['back', 1], ['好', 'success'], '简历']);
  expect(wx.getLaunchOptionsSync().scene).toBe(1001);
});

test('what is stored is there, and every change is told', async () => {
  const { wx, done } = made();
  await wx.setStorage({ key: 'a', data: [1] });
  expect(await wx.getStorage({ key: 'a' })).toEqual({ data: [1], errMsg: 'getStorage:ok' });
  expect((await wx.getStorageInfo()).keys).toEqual(['a']);
  await wx.removeStorage({ key: 'a' });
  await expect(wx.getStorage({ key: 'a' })).rejects.toMatchObject({
    errMsg: 'getStorage:fail data not found',
  });
  await wx.clearStorage();
  expect(done).toEqual(['stored', 'stored', 'stored']);
});

test('a login that cannot be is a failure of wx.login', async () => {
  const { wx } = made({ code: () => Promise.reject(new Error('no such person')) });
  await expect(wx.login()).rejects.toMatchObject({ errMsg: 'login:fail no such person' });
});
