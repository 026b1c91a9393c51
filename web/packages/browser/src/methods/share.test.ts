import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeJweixin } from '../testing/fake-jweixin';
import { FakeWindow } from '../testing/fake-window';
import { ANDROID_WECHAT } from '../testing/samples';
import { share } from './share';

function aReadyPage(href = 'https://shop.cn/p?id=7&code=C1&state=S1#/cart') {
  const window = new FakeWindow(href, ANDROID_WECHAT);
  const wx = new FakeJweixin();
  window.wx = wx;
  const context = createContext(window);
  context.jsSdkReady = true;
  return { window, wx, context };
}

test('both cards are set; the default link leaves out the login', async () => {
  const { wx, context } = aReadyPage();
  await share(context, { title: '标题', desc: '描述', imgUrl: 'https://shop.cn/a.png' });
  expect(wx.cards).toEqual({
    updateAppMessageShareData: {
      title: '标题',
      desc: '描述',
      link: 'https://shop.cn/p?id=7#/cart',
      imgUrl: 'https://shop.cn/a.png',
    },
    updateTimelineShareData: {
      title: '标题',
      link: 'https://shop.cn/p?id=7#/cart',
      imgUrl: 'https://shop.cn/a.png',
    },
  });
});

test('before the configuration it says what is missing', async () => {
  const { context } = aReadyPage();
  context.jsSdkReady = false;
  await expect(share(context, { title: '标题' })).rejects.toMatchObject({ code: 'JSSDK_NOT_READY' });
});

test('a refusal of either card is the answer', async () => {
  const { wx, context } = aReadyPage();
  wx.shareFailure = { errMsg: 'updateTimelineShareData:permission denied' };
  await expect(share(context, { title: '标题' })).rejects.toMatchObject({ code: 'JSSDK_PERMISSION_DENIED' });
});

test('a client too old for the calls is told apart', async () => {
  const { window, context } = aReadyPage();
  window.wx = { config() {}, ready() {}, error() {} };
  await expect(share(context, { title: '标题' })).rejects.toMatchObject({ code: 'JSSDK_UNSUPPORTED' });
});

test('a client that never answers is a timeout', async () => {
  const { window, wx, context } = aReadyPage();
  wx.silent = true;
  const pending = share(context, { title: '标题' });
  await window.untilTimer(5_000);
  window.fireTimer(5_000);
  await expect(pending).rejects.toMatchObject({ code: 'JSSDK_TIMEOUT' });
});
