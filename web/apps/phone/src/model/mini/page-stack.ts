import { parseRoute, type Route } from './route';
import { WxError } from './wx-error';

/** WeChat's limit. */
export const MOST_PAGES = 10;

/** A page that is open, the last one in front. */
export interface OpenPage {
  id: number;
  route: Route;
}

export type Navigation = 'navigateTo' | 'redirectTo' | 'reLaunch' | 'switchTab';

/** The pages after a navigation. A page that stays open is the same object. */
export function navigate(
  stack: readonly OpenPage[],
  how: Navigation,
  url: string,
  known: { has(path: string): boolean; isTab(path: string): boolean },
): OpenPage[] {
  const route = parseRoute(url);
  if (!known.has(route.path)) throw new WxError(`${how}:fail page "${route.path}" is not found`);
  const isTab = known.isTab(route.path);
  if (isTab && (how === 'navigateTo' || how === 'redirectTo'))
    throw new WxError(`${how}:fail can not ${how} a tabbar page`);
  if (!isTab && how === 'switchTab') throw new WxError('switchTab:fail can not switch to no-tabBar page');
  if (how === 'navigateTo' && stack.length >= MOST_PAGES)
    throw new WxError(`navigateTo:fail webview count limit exceed`);
  const page = { id: Math.max(0, ...stack.map(({ id }) => id)) + 1, route };
  if (how === 'navigateTo') return [...stack, page];
  return how === 'redirectTo' ? [...stack.slice(0, -1), page] : [page];
}

/** The pages after going back; the first one always stays. */
export function goBack(stack: readonly OpenPage[], delta = 1): OpenPage[] {
  return stack.slice(0, Math.max(1, stack.length - Math.max(1, delta)));
}
