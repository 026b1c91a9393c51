import type { BrowserWindow } from '../context';
import { isIos } from './is-ios';

// Remembered when this file is first run, for browsers that do not tell how the page was opened.
const hrefAtLoad = typeof location === 'undefined' ? undefined : location.href;

/**
 * The URL to sign: WeChat on iOS compares with the URL the page was first loaded with, everywhere else with the
 * current one. The fragment never belongs to it.
 */
export function signingUrl(window: BrowserWindow, platform?: 'ios' | 'other'): string {
  const ios = platform === undefined ? isIos(window.navigator) : platform === 'ios';
  return withoutFragment(ios ? entryUrl(window) : window.location.href);
}

export function withoutFragment(href: string): string {
  return href.split('#', 1)[0] ?? href;
}

function entryUrl(window: BrowserWindow): string {
  return window.performance.getEntriesByType('navigation')[0]?.name || hrefAtLoad || window.location.href;
}
