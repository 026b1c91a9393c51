import type { Context, JWeixin } from '../context';
import { identifyJsSdkError } from '../helpers/identify-js-sdk-error';
import { loadJweixin } from '../helpers/load-jweixin';
import { request } from '../helpers/request';
import { signingUrl, withoutFragment } from '../helpers/signing-url';
import { WeiqiaoError } from '../helpers/weiqiao-error';
import type { JsSdkConfig, JsSdkOptions } from '../types';
import { isWechatBrowser } from './is-wechat-browser';

const SHARE_APIS = ['updateAppMessageShareData', 'updateTimelineShareData'] as const;
const VERIFY_TIMEOUT_MS = 10_000;

/**
 * Has this page's URL signed by the service and gives it to `wx.config`; resolves when WeChat accepted it. Repeated
 * calls for the same URL and interfaces share one answer; call again after a route change (it does nothing on iOS,
 * where the first URL stays the right one).
 */
export function configureJsSdk(context: Context, options: JsSdkOptions = {}): Promise<JsSdkConfig> {
  const url = withoutFragment(options.url ?? signingUrl(context.window, options.platform));
  const key = JSON.stringify([url, options.jsApiList, options.openTagList]);
  const known = context.flights.jsSdk;
  if (known?.key === key) return known.result;
  const result = configure(context, url, options);
  context.flights.jsSdk = { key, result };
  result.catch(() => {
    if (context.flights.jsSdk?.result === result) delete context.flights.jsSdk;
  });
  return result;
}

async function configure(context: Context, url: string, options: JsSdkOptions): Promise<JsSdkConfig> {
  requireWechat(context);
  const [wx, signed] = await Promise.all([
    loadJweixin(context),
    request<Omit<JsSdkConfig, 'url'>>(context, {
      method: 'GET',
      path: '/api/wechat/jsconfig',
      query: { url },
    }),
  ]);
  context.jsSdkReady = false;
  await verify(context, wx, {
    debug: options.debug ?? false,
    appId: signed.appId,
    timestamp: signed.timestamp,
    nonceStr: signed.nonceStr,
    signature: signed.signature,
    jsApiList: options.jsApiList ?? SHARE_APIS,
    ...(options.openTagList ? { openTagList: options.openTagList } : {}),
  });
  context.jsSdkReady = true;
  return { ...signed, url };
}

/** WeChat's script never answers outside WeChat. A script from elsewhere (an emulator's) may. */
function requireWechat(context: Context): void {
  const { jweixinUrl } = context.options;
  const vendorScript = jweixinUrl === undefined || /^(https?:)?\/\/res2?\.wx\.qq\.com\//i.test(jweixinUrl);
  if (vendorScript && !isWechatBrowser(context.window.navigator.userAgent)) {
    throw new WeiqiaoError('NOT_WECHAT_BROWSER', '微信 JS-SDK 只能在微信里使用，请用微信打开这个页面');
  }
}

function verify(context: Context, wx: JWeixin, config: Record<string, unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = context.window.setTimeout(
      () => reject(new WeiqiaoError('JSSDK_TIMEOUT', '微信没有回应 wx.config，请确认页面是在微信里打开的')),
      VERIFY_TIMEOUT_MS,
    );
    // WeChat calls `ready` after a failed verification too, but always `error` first: the first word counts.
    wx.error((result) => {
      context.window.clearTimeout(timer);
      reject(identifyJsSdkError(result));
    });
    wx.config(config);
    wx.ready(() => {
      context.window.clearTimeout(timer);
      resolve();
    });
  });
}
