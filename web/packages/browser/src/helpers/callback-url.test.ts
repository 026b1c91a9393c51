import { expect, test } from 'vitest';
import { cleanUrl, readCallbackUrl } from './callback-url';

test.each([
  ['https://a.cn/p?code=C1&state=S1', { kind: 'code', code: 'C1', state: 'S1' }],
  ['https://a.cn/p?x=1&code=C%2B1&state=S1#/home', { kind: 'code', code: 'C+1', state: 'S1' }],
  ['https://a.cn/p?state=S1', { kind: 'state_only', state: 'S1' }],
  ['https://a.cn/p?code=coupon', { kind: 'none' }],
  ['https://a.cn/p?code=&state=', { kind: 'none' }],
  ['https://a.cn/p?wechat_auth=denied', { kind: 'returned', outcome: 'denied' }],
  ['https://a.cn/p#?code=C1&state=S1', { kind: 'none' }],
] as const)('%s', (href, expected) => {
  expect(readCallbackUrl(href)).toEqual(expected);
});

test.each([
  ['https://a.cn/p?code=C1&state=S1', 'https://a.cn/p'],
  ['https://a.cn/p?boutique_id=7&code=C1&state=S1#/cart', 'https://a.cn/p?boutique_id=7#/cart'],
  ['https://a.cn/p?name=%e5%b0%8f+a&&code=C1&x', 'https://a.cn/p?name=%e5%b0%8f+a&x'],
  ['https://a.cn/p?wechat_auth=success&zipcode=1&mystate=2', 'https://a.cn/p?zipcode=1&mystate=2'],
  ['https://a.cn/p', 'https://a.cn/p'],
  ['https://a.cn/p#a?code=1', 'https://a.cn/p#a?code=1'],
  ['https://a.cn/p?a=1&code=C1&state=S1#wechat_redirect', 'https://a.cn/p?a=1'],
  ['https://a.cn/p#wechat_redirect&_auto=allow', 'https://a.cn/p'],
  ['https://a.cn/p?code=C1&state=S1#wechat_redirected', 'https://a.cn/p#wechat_redirected'],
])('%s becomes %s', (href, expected) => {
  expect(cleanUrl(href)).toBe(expected);
});
