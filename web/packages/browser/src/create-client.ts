import { type BrowserWindow, type Context, createContext } from './context';
import { WeiqiaoError } from './helpers/weiqiao-error';
import { checkAuth } from './methods/check-auth';
import { configureJsSdk } from './methods/configure-js-sdk';
import { getUser } from './methods/get-user';
import { handleCallback } from './methods/handle-callback';
import { isWechatBrowser } from './methods/is-wechat-browser';
import { login } from './methods/login';
import { logout } from './methods/logout';
import { share } from './methods/share';
import { wechatLogin } from './methods/wechat-login';
import type { Client, ClientOptions } from './types';

/**
 * A client for one service and one account. `browser` is for tests; without it the page's own window is used, from
 * the first call on, so that creating a client is harmless where there is no window (server-side rendering).
 */
export function createClient(options: ClientOptions = {}, browser?: BrowserWindow): Client {
  let made: Context | undefined;
  const context = (): Context => {
    made ??= createContext(browser ?? ownWindow(), options);
    return made;
  };
  return {
    login: (redirectUrl, loginOptions) => login(context(), redirectUrl, loginOptions),
    handleCallback: () => handleCallback(context()),
    checkAuth: () => checkAuth(context()),
    getUser: () => getUser(context()),
    logout: () => logout(context()),
    isWechatBrowser: () => isWechatBrowser(context().window.navigator.userAgent),
    wechatLogin: (name) => wechatLogin(context(), name),
    configureJsSdk: (sdkOptions) => configureJsSdk(context(), sdkOptions),
    share: (card) => share(context(), card),
  };
}

function ownWindow(): BrowserWindow {
  const { window } = globalThis as { window?: BrowserWindow };
  if (window) return window;
  throw new WeiqiaoError('NO_BROWSER', '这里没有浏览器窗口：请在浏览器里调用，服务端渲染时不要调用');
}
