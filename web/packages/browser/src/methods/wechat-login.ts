import { type Context, requireStore } from '../context';
import { cleanUrl } from '../helpers/callback-url';
import { payOwedLogout } from '../helpers/pay-owed-logout';
import { request } from '../helpers/request';
import { requireWebUrl } from '../helpers/web-url';
import type { WechatLogin, WechatLoginConfig } from '../types';

/**
 * A named login instance of the service (`auths/loginTypes/<name>`). `login()` leaves the page: in WeChat for the
 * consent page, elsewhere for a page with a QR code. Both end at `redirectUrl` (default: this page), logged in; call
 * `handleCallback()` there.
 */
export function wechatLogin(context: Context, name: string): WechatLogin {
  const base = `/auths/loginTypes/${encodeURIComponent(name)}`;
  return {
    login: async (redirectUrl) => {
      requireStore(context);
      const { href } = context.window.location;
      const target = cleanUrl(requireWebUrl(redirectUrl ?? href, href));
      const service = requireWebUrl(context.options.baseUrl ?? '/', href).replace(/\/+$/, '');
      // Before the new session, or it would be the one that ends.
      await payOwedLogout(context);
      context.window.location.assign(`${service}${base}/login?redirectUrl=${encodeURIComponent(target)}`);
    },
    config: () => request<WechatLoginConfig>(context, { method: 'GET', path: `${base}/config`, bare: true }),
  };
}
