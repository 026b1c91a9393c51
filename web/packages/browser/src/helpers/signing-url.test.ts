import { expect, test } from 'vitest';
import { FakeWindow } from '../testing/fake-window';
import { IPHONE_WECHAT } from '../testing/samples';
import { signingUrl } from './signing-url';

test('outside iOS the current URL is signed, without its fragment', () => {
  const window = new FakeWindow('https://a.cn/entry?from=timeline');
  window.navigateWithoutLoading('https://a.cn/detail?id=7#comments');
  expect(signingUrl(window)).toBe('https://a.cn/detail?id=7');
});

test('on iOS the first loaded URL is signed, however far the router went', () => {
  const window = new FakeWindow('https://a.cn/entry?from=timeline&isappinstalled=0#/x', IPHONE_WECHAT);
  window.navigateWithoutLoading('https://a.cn/detail?id=7');
  expect(signingUrl(window)).toBe('https://a.cn/entry?from=timeline&isappinstalled=0');
});

test('the platform can be said instead of seen', () => {
  const window = new FakeWindow('https://a.cn/entry');
  window.navigateWithoutLoading('https://a.cn/detail');
  expect(signingUrl(window, 'ios')).toBe('https://a.cn/entry');
});

test('without navigation timing the current URL is the best there is', () => {
  const window = new FakeWindow('https://a.cn/entry', IPHONE_WECHAT);
  window.performance.getEntriesByType = () => [];
  window.navigateWithoutLoading('https://a.cn/detail');
  expect(signingUrl(window)).toBe('https://a.cn/detail');
});
