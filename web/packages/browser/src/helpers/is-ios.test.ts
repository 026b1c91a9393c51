import { expect, test } from 'vitest';
import { ANDROID_WECHAT, DESKTOP_CHROME, IPHONE_WECHAT } from '../testing/samples';
import { isIos } from './is-ios';

test('iPhones and disguised iPads are iOS, Android and Macs are not', () => {
  expect(isIos({ userAgent: IPHONE_WECHAT })).toBe(true);
  expect(isIos({ userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', maxTouchPoints: 5 })).toBe(
    true,
  );
  expect(isIos({ userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', maxTouchPoints: 0 })).toBe(
    false,
  );
  expect(isIos({ userAgent: ANDROID_WECHAT })).toBe(false);
  expect(isIos({ userAgent: DESKTOP_CHROME })).toBe(false);
});
