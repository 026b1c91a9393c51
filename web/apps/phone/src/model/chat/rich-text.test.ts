import { expect, test } from 'vitest';
import { richText } from './rich-text';

test('links and answers are found, the rest stays text', () => {
  expect(richText('点<a href="http://localhost/a?b=1">这里</a>，<b>粗</b>')).toEqual([
    { text: '点' },
    { text: '这里', href: 'http://localhost/a?b=1' },
    { text: '，<b>粗</b>' },
  ]);
  expect(
    richText("<a href='weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F&msgmenuid=101'>满意</a>"),
  ).toEqual([{ text: '满意', send: '满意', menuId: '101' }]);
  expect(richText('普通文字')).toEqual([{ text: '普通文字' }]);
  expect(richText('')).toEqual([]);
});

test.each(['<a href="javascript:alert(1)">x</a>', '<a href="weixin://scan">x</a>', '<a href="no">x</a>'])(
  '%s is no link',
  (text) => {
    expect(richText(text)).toEqual([{ text }]);
  },
);
