/** What WeChat, or the service's full-page login, put into the page's address. */
export type CallbackUrl =
  | { kind: 'code'; code: string; state: string }
  | { kind: 'state_only'; state: string }
  | { kind: 'returned'; outcome: string }
  | { kind: 'none' };

const LOGIN_PARAMETERS = ['code', 'state', 'wechat_auth'];

/** Reads `code` and `state` (both must be there: a page may have a `code` of its own), or `wechat_auth`. */
export function readCallbackUrl(href: string): CallbackUrl {
  const query = new URL(href).searchParams;
  const code = query.get('code');
  const state = query.get('state');
  if (code && state) return { kind: 'code', code, state };
  const outcome = query.get('wechat_auth');
  if (outcome) return { kind: 'returned', outcome };
  return state ? { kind: 'state_only', state } : { kind: 'none' };
}

/**
 * What ends WeChat's own login addresses. Where a redirect has no fragment of its own, the browser carries it over to the page.
 */
const WECHAT_FRAGMENT = /^#wechat_redirect(?:&|$)/;

/**
 * The address without the login's own parameters and WeChat's fragment. Everything else stays byte for byte: re-encoding a query would
 * change the URL that the JS-SDK signature is made for.
 */
export function cleanUrl(href: string): string {
  const hashAt = href.indexOf('#');
  const hash = hashAt < 0 ? '' : href.slice(hashAt);
  const fragment = WECHAT_FRAGMENT.test(hash) ? '' : hash;
  const page = hashAt < 0 ? href : href.slice(0, hashAt);
  const queryAt = page.indexOf('?');
  if (queryAt < 0) return page + fragment;
  const kept = page
    .slice(queryAt + 1)
    .split('&')
    .filter((pair) => pair !== '' && !LOGIN_PARAMETERS.includes(pair.split('=', 1)[0] ?? ''));
  return page.slice(0, queryAt) + (kept.length > 0 ? `?${kept.join('&')}` : '') + fragment;
}
