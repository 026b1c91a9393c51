import { type Context, requireStore } from '../context';
import { cleanUrl } from '../helpers/callback-url';
import { rememberState } from '../helpers/issued-states';
import { payOwedLogout } from '../helpers/pay-owed-logout';
import { request } from '../helpers/request';
import { requireWebUrl } from '../helpers/web-url';
import type { LoginOptions } from '../types';

/**
 * Leaves the page for WeChat's consent page. WeChat comes back to `redirectUrl` (default: this page, with its own
 * query parameters) with `code` and `state`; call `handleCallback()` there. The state is issued by the service, good
 * for one login within ten minutes, and bound to this browser by a cookie no script can read.
 * Rejects with `STORAGE_UNAVAILABLE` where the browser keeps nothing: the login would be forgotten at the next load.
 */
export function login(context: Context, redirectUrl?: string, options: LoginOptions = {}): Promise<void> {
  // First the log-out that may be owed: its answer takes back the cookie the new state is bound to.
  context.flights.login ??= payOwedLogout(context)
    .then(() => leave(context, redirectUrl, options))
    .finally(() => {
      delete context.flights.login;
    });
  return context.flights.login;
}

async function leave(
  context: Context,
  redirectUrl: string | undefined,
  options: LoginOptions,
): Promise<void> {
  requireStore(context);
  const redirect_uri = resolveTarget(context.window.location.href, redirectUrl);
  const answer = await request<{ url: string; state: string }>(context, {
    method: 'GET',
    path: '/api/wechat/authorize-url',
    query: { redirect_uri, scope: options.scope },
  });
  rememberState(context.tab, answer.state);
  context.window.location.assign(requireWebUrl(answer.url));
}

function resolveTarget(href: string, redirectUrl: string | undefined): string {
  if (redirectUrl === undefined) return cleanUrl(href);
  return cleanUrl(requireWebUrl(redirectUrl, href));
}
