import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeJweixin } from '../testing/fake-jweixin';
import { FakeWindow } from '../testing/fake-window';
import { ANDROID_WECHAT, DESKTOP_CHROME, failure, IPHONE_WECHAT, success } from '../testing/samples';
import type { ClientOptions } from '../types';
import { configureJsSdk } from './configure-js-sdk';

const SIGNED = {
  appId: 'wx1',
  timestamp: 1757062690,
  nonceStr: 'Wm3WZYTPz0wzccnW',
  signature: 'a'.repeat(40),
};

function aPage(
  href = 'https://shop.cn/p?name=a%20b&x=1#/cart',
  userAgent = ANDROID_WECHAT,
  options: ClientOptions = {},
) {
  const window = new FakeWindow(href, userAgent);
  const wx = new FakeJweixin();
  window.wx = wx;
  window.answer('GET /api/wechat/jsconfig', success(SIGNED));
  return { window, wx, context: createContext(window, options) };
}

test('the address is signed without its fragment, encoded once, and given to wx.config', async () => {
  const { window, wx, context } = aPage();
  const config = await configureJsSdk(context, {
    jsApiList: ['chooseImage'],
    openTagList: ['wx-open-launch-app'],
  });
  expect(window.requests[0]?.query).toEqual({ url: 'https://shop.cn/p?name=a%20b&x=1' });
  expect(config).toEqual({ ...SIGNED, url: 'https://shop.cn/p?name=a%20b&x=1' });
  expect(wx.configs).toEqual([
    { ...SIGNED, debug: false, jsApiList: ['chooseImage'], openTagList: ['wx-open-launch-app'] },
  ]);
});

test('without a list the two share cards are asked for', async () => {
  const { wx, context } = aPage();
  await configureJsSdk(context);
  expect(wx.configs[0]?.jsApiList).toEqual(['updateAppMessageShareData', 'updateTimelineShareData']);
});

test('on iOS a route change keeps the first URL and its answer; elsewhere the new URL is signed', async () => {
  for (const [userAgent, urls] of [
    [IPHONE_WECHAT, ['https://shop.cn/entry']],
    [ANDROID_WECHAT, ['https://shop.cn/entry', 'https://shop.cn/detail']],
  ] as const) {
    const { window, context } = aPage('https://shop.cn/entry', userAgent);
    await configureJsSdk(context);
    window.navigateWithoutLoading('https://shop.cn/detail');
    await configureJsSdk(context);
    expect(window.requests.map((request) => request.query.url)).toEqual(urls);
  }
});

test('repeated and parallel calls for one page are one configuration', async () => {
  const { window, wx, context } = aPage();
  await Promise.all([configureJsSdk(context), configureJsSdk(context)]);
  await configureJsSdk(context);
  expect(window.requests).toHaveLength(1);
  expect(wx.configs).toHaveLength(1);
});

test('a refused signature is an error although WeChat also calls ready, and can be tried again', async () => {
  const { wx, context } = aPage();
  wx.verdict = { errMsg: 'config:invalid signature' };
  await expect(configureJsSdk(context)).rejects.toMatchObject({ code: 'JSSDK_INVALID_SIGNATURE' });
  expect(context.jsSdkReady).toBe(false);
  wx.verdict = null;
  await expect(configureJsSdk(context)).resolves.toMatchObject(SIGNED);
  expect(context.jsSdkReady).toBe(true);
});

test('WeChat that never answers is a timeout', async () => {
  const { window, wx, context } = aPage();
  wx.silent = true;
  const pending = configureJsSdk(context);
  await window.untilTimer(10_000);
  window.fireTimer(10_000);
  await expect(pending).rejects.toMatchObject({ code: 'JSSDK_TIMEOUT' });
});

test('outside WeChat the vendor script is not even tried; an emulator may be', async () => {
  const { window, context } = aPage('https://shop.cn/', DESKTOP_CHROME);
  await expect(configureJsSdk(context)).rejects.toMatchObject({ code: 'NOT_WECHAT_BROWSER' });
  expect(window.requests).toEqual([]);
  const vendor = aPage('https://shop.cn/', DESKTOP_CHROME, {
    jweixinUrl: 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
  });
  await expect(configureJsSdk(vendor.context)).rejects.toMatchObject({ code: 'NOT_WECHAT_BROWSER' });
  const emulated = aPage('https://shop.cn/', DESKTOP_CHROME, {
    jweixinUrl: 'http://localhost:3002/jweixin.js',
  });
  await expect(configureJsSdk(emulated.context)).resolves.toMatchObject(SIGNED);
});

test('a host the service does not sign for says so', async () => {
  const { window, wx, context } = aPage();
  window.answer('GET /api/wechat/jsconfig', failure(403, '域名不在白名单', { code: 'DOMAIN_FORBIDDEN' }));
  await expect(configureJsSdk(context)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(wx.configs).toEqual([]);
});
