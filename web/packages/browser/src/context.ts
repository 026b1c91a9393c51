import { guardStorage, type PickedStorage, pickStorage, storageUnavailable } from './helpers/pick-storage';
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
  /** Survives the tab: profile, openid, the token where asked for, and log-outs that are owed. */
  readonly store: KeyValueStorage;
  /** What the browser threw when `store` is only one in memory: a login begun now would be forgotten on the way. */
  readonly storeRefusal?: unknown;
  /** Lives with the tab: the state of a login under way. */
  readonly tab: KeyValueStorage;
  readonly flights: {
    login?: Promise<void>;
    callback?: { code: string; result: Promise<UserInfo | null> };
    payment?: Promise<void>;
    jsSdk?: { key: string; result: Promise<JsSdkConfig> };
    scripts: Map<string, Promise<void>>;
  };
  jsSdkReady: boolean;
}

export function createContext(window: BrowserWindow, options: ClientOptions = {}): Context {
  const { storage, refusal }: PickedStorage = options.storage
    ? { storage: guardStorage(options.storage) }
    : pickStorage(() => window.localStorage);
  return {
    window,
    options,
    store: storage,
    ...(refusal === undefined ? {} : { storeRefusal: refusal }),
    tab: pickStorage(() => window.sessionStorage).storage,
    flights: { scripts: new Map() },
    jsSdkReady: false,
  };
}

/** Refuses to leave the page for a login that this browser could not remember. */
export function requireStore(context: Context): void {
  if (context.storeRefusal !== undefined) throw storageUnavailable(context.storeRefusal);
}
