import { expect, test } from 'vitest';
import { ANDROID_WECHAT, DESKTOP_CHROME, IPHONE_WECHAT } from '../testing/samples';
import { isWechatBrowser } from './is-wechat-browser';

test('WeChat on phones and desktops is WeChat; Chrome and WeCom are not', () => {
  expect(isWechatBrowser(IPHONE_WECHAT)).toBe(true);
  expect(isWechatBrowser(ANDROID_WECHAT)).toBe(true);
  expect(isWechatBrowser(`${DESKTOP_CHROME} WindowsWechat(0x63090a13) micromessenger/7.0.20`)).toBe(true);
  expect(isWechatBrowser(DESKTOP_CHROME)).toBe(false);
  expect(isWechatBrowser(`${IPHONE_WECHAT} wxwork/4.1.0`)).toBe(false);
});
