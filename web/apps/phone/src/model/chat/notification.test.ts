import { expect, test } from 'vitest';
import { notification } from './notification';
import { received } from './samples';

const TEMPLATES = [
  {
    template_id: 'T',
    title: '预约提醒',
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
