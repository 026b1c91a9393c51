import { expect, test } from 'vitest';
import { parseRoute, routeText } from './route';

test.each([
  ['pages/index/index', { path: 'pages/index/index', query: {} }],
  ['/pages/customer/detail?id=oA-_1&x=', { path: 'pages/customer/detail', query: { id: 'oA-_1', x: '' } }],
  [' pages/a?name=%E5%B0%8F%E7%BA%A2&q=a+b ', { path: 'pages/a', query: { name: '小红', q: 'a b' } }],
  ['pages/a?next=b?c=1&bad=%zz', { path: 'pages/a', query: { next: 'b?c=1', bad: '%zz' } }],
])('%j is read', (text, route) => {
  expect(parseRoute(text)).toEqual(route);
});

test('what is written is read again', () => {
  const route = { path: 'pages/a/b', query: { id: 'x&y=z', 名: '<script>' } };
  expect(parseRoute(routeText(route))).toEqual(route);
  expect(routeText({ path: 'pages/a', query: {} })).toBe('pages/a');
});
