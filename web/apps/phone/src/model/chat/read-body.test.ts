import { expect, test } from 'vitest';
import { readBody, textOf } from './read-body';

test('XML gives texts and groups; what a person typed is never markup', () => {
  const fields = readBody(
    '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>12</CreateTime>' +
      '<Content><![CDATA[a </Content><MsgType>x]]]]><![CDATA[> & &lt;b>]]></Content><Label>1 &lt; 2</Label>' +
      '<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum><![CDATA[f]]></PicMd5Sum></item></PicList></SendPicsInfo></xml>',
    'xml',
  );
  expect(textOf(fields, 'Content')).toBe('a </Content><MsgType>x]]> & &lt;b>');
  expect(textOf(fields, 'Label')).toBe('1 < 2');
  expect(textOf(fields, 'SendPicsInfo', 'Count')).toBe('1');
  expect(textOf(fields, 'SendPicsInfo', 'PicList', 'item', 'PicMd5Sum')).toBe('f');
  expect(textOf(fields, 'SendPicsInfo')).toBe('');
  expect(textOf(fields, 'MsgType')).toBe('');
});

test('JSON gives the same, numbers as text', () => {
  const fields = readBody('{"Content":"你好","MsgId":12,"Info":{"Scale":16},"Nothing":null}', 'json');
  expect(textOf(fields, 'Content')).toBe('你好');
  expect(textOf(fields, 'MsgId')).toBe('12');
  expect(textOf(fields, 'Info', 'Scale')).toBe('16');
  expect(textOf(fields, 'Nothing')).toBe('');
});

test.each(['', 'null', '{', '<xml>', '<html></html>'])('%j has no fields', (body) => {
  expect(textOf(readBody(body, 'json'), 'Content')).toBe('');
  expect(textOf(readBody(body, 'xml'), 'Content')).toBe('');
});
