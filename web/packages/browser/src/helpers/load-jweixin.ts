import type { Context, JWeixin } from '../context';
import { WeiqiaoError } from './weiqiao-error';

/** WeChat's own script and its documented second host. */
export const JWEIXIN_URLS = [
  'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
  'https://res2.wx.qq.com/open/js/jweixin-1.6.0.js',
] as const;

/** WeChat's JS-SDK object: the one on the page, or loaded now. A failed load may be tried again. */
export async function loadJweixin(context: Context): Promise<JWeixin> {
  const present = findJweixin(context);
  if (present) return present;
  const urls = context.options.jweixinUrl ? [context.options.jweixinUrl] : JWEIXIN_URLS;
  let failure: unknown;
  for (const url of urls) {
    try {
      await loadScript(context, url);
    } catch (error) {
      failure = error;
      continue;
    }
    const loaded = findJweixin(context);
    if (loaded) return loaded;
    failure = new Error(`${url} did not define wx`);
  }
  throw new WeiqiaoError(
    'SCRIPT_FAILED',
    '微信 JS-SDK 脚本没有加载成功，请检查网络与页面的 CSP',
    {},
    failure,
  );
}

export function findJweixin(context: Context): JWeixin | undefined {
  // `wx` may be something else on pages inside a mini program: only an object with `config` is the JS-SDK.
  return [context.window.jWeixin, context.window.wx].find(
    (candidate) => typeof candidate?.config === 'function',
  );
}

function loadScript(context: Context, url: string): Promise<void> {
  const underWay = context.flights.scripts.get(url);
  if (underWay) return underWay;
  const { document } = context.window;
  const loading = new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      context.flights.scripts.delete(url);
      reject(new Error(`${url} could not be loaded`));
    };
    document.head.append(script);
  });
  context.flights.scripts.set(url, loading);
  return loading;
}
