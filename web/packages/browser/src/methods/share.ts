import type { Context, JWeixin } from '../context';
import { cleanUrl } from '../helpers/callback-url';
import { identifyJsSdkError } from '../helpers/identify-js-sdk-error';
import { findJweixin } from '../helpers/load-jweixin';
import { WeiqiaoError } from '../helpers/weiqiao-error';
import type { ShareCard } from '../types';

type ShareCall = 'updateAppMessageShareData' | 'updateTimelineShareData';

const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Sets the card for chats and the one for the timeline. Resolves when WeChat took both: that means set, not shared;
 * WeChat tells nobody whether the person really shared. Needs `configureJsSdk()` first.
 */
export async function share(context: Context, card: ShareCard): Promise<void> {
  const wx = findJweixin(context);
  if (!wx || !context.jsSdkReady) {
    throw new WeiqiaoError('JSSDK_NOT_READY', '请先调用 configureJsSdk()，成功之后再设置分享卡片');
  }
  // The default link must not carry a login's one-time code to other people.
  const link = card.link ?? cleanUrl(context.window.location.href);
  const timeline = { title: card.title, link, imgUrl: card.imgUrl ?? '' };
  await Promise.all([
    call(context, wx, 'updateAppMessageShareData', { ...timeline, desc: card.desc ?? '' }),
    call(context, wx, 'updateTimelineShareData', timeline),
  ]);
}

function call(
  context: Context,
  wx: JWeixin,
  name: ShareCall,
  options: Record<string, unknown>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (typeof wx[name] !== 'function') {
      reject(identifyJsSdkError({ errMsg: `${name}:function not exist` }));
      return;
    }
    const timer = context.window.setTimeout(
      () => reject(new WeiqiaoError('JSSDK_TIMEOUT', `微信没有回应 ${name}`)),
      ANSWER_TIMEOUT_MS,
    );
    const settle = (finish: () => void) => {
      context.window.clearTimeout(timer);
      finish();
    };
    wx[name]({
      ...options,
      success: () => settle(resolve),
      fail: (result: unknown) => settle(() => reject(identifyJsSdkError(result))),
    });
  });
}
