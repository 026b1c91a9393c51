import { expect, test } from 'vitest';
import { notification } from './notification';
import { received } from './samples';

const TEMPLATES = [
  {
    template_id: 'T',
    title: '预约提醒',
    kind: 'one_time' as const,
    fields: [
      ['thing1', '课程'],
      ['time2', '时间'],
    ] as [string, string][],
  },
];
const card = (content: Record<string, unknown>) =>
  notification(received({ channel: 'template', type: 'template', content }), TEMPLATES);

test('fields have the names and the order of the template', () => {
  const data = { time2: { value: '明天' }, thing1: { value: '<b>试听', color: '#173177' } };
  expect(card({ template_id: 'T', data, url: 'https://example.com/a' })).toEqual({
    title: '预约提醒',
    fields: [
      { name: '课程', value: '<b>试听' },
      { name: '时间', value: '明天' },
    ],
    target: { url: 'https://example.com/a' },
  });
});

test('an unknown template shows its keys; a mini program goes before an address', () => {
  const miniprogram = { appid: 'wx2', pagepath: 'pages/a' };
  expect(card({ template_id: 'gone', data: { k: { value: 1 } }, miniprogram, url: 'https://a.b/' })).toEqual({
    title: '服务通知',
    fields: [{ name: 'k', value: '1' }],
    target: { appid: 'wx2', page: 'pages/a' },
  });
  expect(card({ template_id: 'T', page: 'javascript:alert(1)' }).target).toBeNull();
});

test('the page of a mini program’s own message is opened there', () => {
  const own = (page: string) =>
    notification(received({ channel: 'subscription', content: { template_id: 'T', page } }), TEMPLATES)
      .target;
  expect(own('pages/customer/detail?id=1')).toEqual({ appid: null, page: 'pages/customer/detail?id=1' });
  expect(own('https://a.b/')).toEqual({ url: 'https://a.b/' });
  for (const bad of ['', 'javascript:alert(1)', '<b>']) expect(own(bad)).toBeNull();
  expect(card({ template_id: 'T', page: 'pages/a' }).target).toBeNull();
});
