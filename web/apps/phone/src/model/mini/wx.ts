import type { Navigation } from './page-stack';
import { type Route, routeText } from './route';
import type { RequestOptions, RequestResult } from './send-request';
import type { MiniStorage } from './storage';
import { WxError } from './wx-error';

/** What the emulated client can do for a mini program. */
export interface WxHost {
  code(): Promise<string>;
  request(options: RequestOptions): Promise<RequestResult>;
  storage: MiniStorage;
  /** Something in the storage has changed. */
  stored(): void;
  subscribe(templateIds: string[]): Promise<Record<string, string>>;
  subscriptions(): Promise<{ main_switch: boolean; items: { template_id: string; kept: string | null }[] }>;
  go(how: Navigation, url: string): void;
  back(delta: number): void;
  toast(title: string, icon: 'success' | 'none'): void;
  title(text: string): void;
  launched(): Route & { scene: number };
}

type Said = { errMsg: string };
type To = { url: string };

/** The part of WeChat's `wx` that the demo needs, with promises as the real one gives them. */
export interface Wx {
  login(): Promise<Said & { code: string }>;
  request(options: RequestOptions): Promise<RequestResult & Said>;
  getStorage(options: { key: string }): Promise<Said & { data: unknown }>;
  setStorage(options: { key: string; data: unknown }): Promise<Said>;
  removeStorage(options: { key: string }): Promise<Said>;
  clearStorage(): Promise<Said>;
  getStorageInfo(): Promise<Said & ReturnType<MiniStorage['info']>>;
  requestSubscribeMessage(options: { tmplIds: string[] }): Promise<Record<string, string>>;
  getSetting(): Promise<
    Said & { subscriptionsSetting: { mainSwitch: boolean; itemSettings: Record<string, string> } }
  >;
  navigateTo(to: To): Promise<Said>;
  redirectTo(to: To): Promise<Said>;
  reLaunch(to: To): Promise<Said>;
  switchTab(to: To): Promise<Said>;
  navigateBack(options?: { delta?: number }): Promise<Said>;
  showToast(options: { title: string; icon?: 'success' | 'none' }): Promise<Said>;
  setNavigationBarTitle(options: { title: string }): Promise<Said>;
  getLaunchOptionsSync(): Route & { scene: number };
}

export function createWx(host: WxHost): Wx {
  const { storage } = host;
  const go = (how: Navigation) => async (to: To) => {
    host.go(how, to.url);
    return { errMsg: `${how}:ok` };
  };
  const changing = async (name: string, change: () => void) => {
    change();
    host.stored();
    return { errMsg: `${name}:ok` };
  };
  return {
    async login() {
      try {
        return { code: await host.code(), errMsg: 'login:ok' };
      } catch (error) {
        throw new WxError(`login:fail ${error instanceof Error ? error.message : ''}`.trim());
      }
    },
    request: async (options) => ({ ...(await host.request(options)), errMsg: 'request:ok' }),
    getStorage: async ({ key }) => ({ data: storage.get(key), errMsg: 'getStorage:ok' }),
    setStorage: ({ key, data }) => changing('setStorage', () => storage.set(key, data)),
    removeStorage: ({ key }) => changing('removeStorage', () => storage.remove(key)),
    clearStorage: () => changing('clearStorage', () => storage.clear()),
    getStorageInfo: async () => ({ ...storage.info(), errMsg: 'getStorageInfo:ok' }),
    requestSubscribeMessage: ({ tmplIds }) => host.subscribe(tmplIds),
    async getSetting() {
      const { main_switch: mainSwitch, items } = await host.subscriptions();
      const kept = items.flatMap(({ template_id, kept: answer }) => (answer ? [[template_id, answer]] : []));
      return {
        subscriptionsSetting: { mainSwitch, itemSettings: Object.fromEntries(kept) },
        errMsg: 'getSetting:ok',
      };
    },
    navigateTo: go('navigateTo'),
    redirectTo: go('redirectTo'),
    reLaunch: go('reLaunch'),
    switchTab: go('switchTab'),
    async navigateBack(options) {
      host.back(options?.delta ?? 1);
      return { errMsg: 'navigateBack:ok' };
    },
    async showToast({ title, icon = 'success' }) {
      host.toast(title, icon);
      return { errMsg: 'showToast:ok' };
    },
    async setNavigationBarTitle({ title }) {
      host.title(title);
      return { errMsg: 'setNavigationBarTitle:ok' };
    },
    getLaunchOptionsSync: () => host.launched(),
  };
}

/** An address for the navigation calls. */
export const pageUrl = (path: string, query: Record<string, string> = {}): string =>
  `/${routeText({ path, query })}`;
