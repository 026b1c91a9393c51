import { pickStorage } from './helpers/pick-storage';
import type { ClientOptions, JsSdkConfig, KeyValueStorage, UserInfo } from './types';

/** The parts of a browser window the SDK touches. Tests hand in their own. */
export interface BrowserWindow {
  readonly location: { readonly href: string; assign(url: string): void };
  readonly history: {
    readonly state: unknown;
    replaceState(state: unknown, unused: string, url: string): void;
  };
  readonly navigator: { readonly userAgent: string; readonly maxTouchPoints?: number };
  readonly performance: {
    now(): number;
    getEntriesByType(type: string): readonly { readonly name: string }[];
  };
  readonly document: Pick<Document, 'createElement' | 'head'>;
  readonly localStorage: KeyValueStorage;
  readonly sessionStorage: KeyValueStorage;
  readonly fetch: typeof fetch;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number | undefined): void;
  readonly wx?: JWeixin;
  readonly jWeixin?: JWeixin;
}

/** The part of WeChat's JS-SDK this package calls. */
export interface JWeixin {
  config(options: Record<string, unknown>): void;
  ready(done: () => void): void;
  error(failed: (result: unknown) => void): void;
  updateAppMessageShareData?(options: Record<string, unknown>): void;
  updateTimelineShareData?(options: Record<string, unknown>): void;
}

/** What the methods of one client share. Flights make repeated calls join the one under way. */
export interface Context {
  readonly window: BrowserWindow;
  readonly options: ClientOptions;
  /** Survives the tab: profile, openid, and the token where asked for. */
  readonly store: KeyValueStorage;
  /** Lives with the tab: the state of a login under way. */
  readonly tab: KeyValueStorage;
  readonly flights: {
    login?: Promise<void>;
    callback?: { code: string; result: Promise<UserInfo | null> };
    jsSdk?: { key: string; result: Promise<JsSdkConfig> };
    scripts: Map<string, Promise<void>>;
  };
  jsSdkReady: boolean;
}

export function createContext(window: BrowserWindow, options: ClientOptions = {}): Context {
  return {
    window,
    options,
    store: options.storage ?? pickStorage(() => window.localStorage),
    tab: pickStorage(() => window.sessionStorage),
    flights: { scripts: new Map() },
    jsSdkReady: false,
  };
}
