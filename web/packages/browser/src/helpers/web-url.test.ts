import { expect, test } from 'vitest';
import { requireWebUrl } from './web-url';

test('a web address is completed by where it stands', () => {
  expect(requireWebUrl('https://shop.cn')).toBe('https://shop.cn/');
  expect(requireWebUrl('/me?tab=1', 'https://shop.cn/p')).toBe('https://shop.cn/me?tab=1');
});

test.each(['javascript:alert(1)', 'weixin://dl', 'http://', 'data:text/html,x'])('%s is none', (url) => {
  expect(() => requireWebUrl(url, 'https://shop.cn/')).toThrowError(/不是有效的网址|不支持/);
});
