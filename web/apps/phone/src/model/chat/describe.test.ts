import { expect, test } from 'vitest';
import { eventTitle, messageText } from './describe';
import { delivery } from './samples';

const event = (type: string, key?: string) =>
  eventTitle(delivery({ kind: 'event', type, ...(key === undefined ? {} : { key }) }));

test('events are told in Chinese, unknown ones by their name', () => {
  expect(event('subscribe')).toBe('关注了公众号');
  expect(event('subscribe', 'qrscene_door-3')).toBe('扫码关注，场景 door-3');
  expect(event('CLICK', 'V1001')).toBe('点击菜单 V1001');
  expect(event('something_new', 'k')).toBe('事件 something_new');
});

test('messages show what the person sent, markup included', () => {
  const body = '<xml><Content><![CDATA[<b>hi</b>]]></Content></xml>';
  expect(messageText(delivery({ body })).text).toBe('<b>hi</b>');
  const place =
    '<xml><Location_X>1.5</Location_X><Location_Y>2</Location_Y><Label><![CDATA[家]]></Label></xml>';
  expect(messageText(delivery({ type: 'location', body: place }))).toEqual({
    text: '家',
    detail: '1.5, 2',
  });
  expect(
    messageText(delivery({ type: 'voice', format: 'json', body: '{"Recognition":"开灯"}' })).detail,
  ).toBe('开灯');
  expect(messageText(delivery({ type: 'file', body: '' }))).toEqual({ text: '[file]', detail: '' });
});
