/**
 * WeChat login, session and JS-SDK for web pages, through a Weiqiao service.
 *
 * The functions below talk to the service on the page's own origin; `createClient` makes others. The package knows
 * no framework, keeps no secret and has no dependency.
 */
import { createClient } from './create-client';

export { createClient } from './create-client';
export { WeiqiaoError, type WeiqiaoErrorCode, type WeiqiaoErrorDetails } from './helpers/weiqiao-error';
export type * from './types';

export const {
  login,
  handleCallback,
  checkAuth,
  getUser,
  logout,
  isWechatBrowser,
  wechatLogin,
  configureJsSdk,
  share,
} = /* @__PURE__ */ createClient();
