import { expect, test } from 'vitest';
import { goBack, MOST_PAGES, navigate, type OpenPage } from './page-stack';

const known = { has: (path: string) => path !== 'gone', isTab: (path: string) => path.startsWith('tab') };
const to = (stack: readonly OpenPage[], how: Parameters<typeof navigate>[1], url: string) =>
  navigate(stack, how, url, known);
const paths = (stack: readonly OpenPage[]) => stack.map(({ route }) => route.path);

test('pages are put on each other, exchanged, and all left at once', () => {
  const first = to([], 'reLaunch', 'tab1');
  const second = to(first, 'navigateTo', '/a?id=1');
  expect(second[0]).toBe(first[0]);
  expect(second[1]?.route.query).toEqual({ id: '1' });
  expect(paths(to(second, 'redirectTo', 'b'))).toEqual(['tab1', 'b']);
  expect(paths(to(second, 'switchTab', 'tab2'))).toEqual(['tab2']);
  expect(to(second, 'switchTab', 'tab2')[0]?.id).toBe(3);
});

test('back goes as far as there are pages', () => {
  const stack = ['a', 'b', 'c'].reduce<OpenPage[]>((pages, url) => to(pages, 'navigateTo', url), []);
  expect(paths(goBack(stack))).toEqual(['a', 'b']);
  expect(paths(goBack(stack, 9))).toEqual(['a']);
  expect(paths(goBack(stack, 0))).toEqual(['a', 'b']);
});

test('what WeChat refuses is refused with its words', () => {
  expect(() => to([], 'navigateTo', 'gone')).toThrow('navigateTo:fail page "gone" is not found');
  expect(() => to([], 'navigateTo', 'tab1')).toThrow('can not navigateTo a tabbar page');
  expect(() => to([], 'switchTab', 'a')).toThrow('switchTab:fail can not switch to no-tabBar page');
  const full = Array.from({ length: MOST_PAGES }, (_, id) => ({ id, route: { path: 'a', query: {} } }));
  expect(() => to(full, 'navigateTo', 'a')).toThrow('webview count limit exceed');
});
