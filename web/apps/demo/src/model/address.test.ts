import { expect, test } from 'vitest';
import { hasCodeAlone, withoutLogin } from './address';

test.each([
  ['https://a.cn/p?biz=7&code=c', 'https://a.cn/p?biz=7'],
  ['https://a.cn/p?code=c&state=s', 'https://a.cn/p'],
  ['https://a.cn/p?q=%2B1&state=s&x=a?b#/tab?code=1', 'https://a.cn/p?q=%2B1&x=a?b#/tab?code=1'],
  ['https://a.cn/p#top', 'https://a.cn/p#top'],
])('%s becomes %s', (href, clean) => {
  expect(withoutLogin(href)).toBe(clean);
});

test('a code needs its state', () => {
  expect(hasCodeAlone('https://a.cn/p?biz=7&code=c')).toBe(true);
  expect(hasCodeAlone('https://a.cn/p?code=c&state=')).toBe(true);
  expect(hasCodeAlone('https://a.cn/p?code=c&state=s')).toBe(false);
  expect(hasCodeAlone('https://a.cn/p?biz=7')).toBe(false);
});
