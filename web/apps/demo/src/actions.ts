import { type AuthStatus, type Client, type Exchange, WeiqiaoError } from '@weiqiao/browser';
import type { Store } from '@weiqiao/page/store';
import cardImage from './card.png';
import { hasCodeAlone, withoutLogin } from './model/address';
import { CODE_ALONE, explain } from './model/explain';
import { enterCall, enterReturn, isForeign, loadJournal, saveJournal, sentState } from './model/journal';
import { explainOwedLogout, isLogoutOwed, LOGOUT_OWED } from './model/owed-logout';
import { ownStates, rememberOwnState } from './model/own-logins';
import { local, tab } from './model/page-storage';
import type { State } from './state';

/** What is true of this browser as soon as it has forgotten the login. */
const NOBODY: AuthStatus = { authenticated: false, needAuth: true, reason: 'never_logged_in', user: null };

/** What the buttons do. Every failure ends as a problem on the page. */
export interface Actions {
  /** When the page opens: finish a login that came back, then check the one kept here. */
  open(): Promise<void>;
  /** The same again, after a problem that may have passed. */
  retry(): Promise<void>;
  login(): Promise<void>;
  relogin(): Promise<void>;
  check(): Promise<void>;
  logout(): Promise<void>;
  /** Another tab logged in or out. */
  follow(): Promise<void>;
  configure(): Promise<void>;
  share(title: string, desc: string): Promise<void>;
  reveal(): void;
  dismiss(): void;
}

/** Enters a request into the journal and reads the service's clock from the envelope. */
export function recordExchange(store: Store<State>, exchange: Exchange): void {
  const journal = enterCall(store.state.journal, exchange);
  saveJournal(tab, journal);
  const begun = exchange.path.startsWith('/api/wechat/authorize-url') ? sentState(journal) : null;
  if (begun !== null) rememberOwnState(local, begun);
  const timestamp = (exchange.responseBody as { timestamp?: unknown } | undefined)?.timestamp;
  const clockOffset =
    typeof timestamp === 'number' && timestamp > 0 ? timestamp - Date.now() : store.state.clockOffset;
  store.update({ journal, clockOffset });
}

export function createActions(store: Store<State>, client: Client): Actions {
  const place = () => ({ publicUrl: store.state.config?.publicUrl, page: location.href });
  const attempt = async (busy: string, run: () => Promise<void>): Promise<void> => {
    store.update({ busy });
    try {
      await run();
    } catch (error) {
      store.update({ problem: explain(error, place()) });
    } finally {
      store.update({ busy: null });
    }
  };
  /**
   * What a button does starts with a clean slate; what the page does by itself keeps the problem it found. A second press
   * while the first is at work does nothing: each login begun is a state of its own.
   */
  const afresh = async (busy: string, run: () => Promise<void>) => {
    if (store.state.busy !== null) return;
    store.update({ problem: null });
    return attempt(busy, run);
  };
  const lookUp = async () => {
    try {
      store.update({ auth: await client.checkAuth(), checkFailed: false });
      // The check has tried to tell the service of it, and could not.
      if (isLogoutOwed(local) && !store.state.problem) store.update({ problem: LOGOUT_OWED });
    } catch (error) {
      store.update({ checkFailed: true });
      throw error;
    }
  };
  const forget = (auth: AuthStatus) => {
    saveJournal(tab, {});
    store.update({ journal: {}, revealed: false, auth, checkFailed: false });
  };
  /** Whether the service heard of it. If not, the browser has forgotten all the same, and the page says both. */
  const leave = async (): Promise<boolean> => {
    try {
      await client.logout();
    } catch (error) {
      // The browser would not even forget.
      if (client.getUser()) throw error;
      forget(NOBODY);
      store.update({ problem: explainOwedLogout(error, place()) });
      return false;
    }
    forget(await client.checkAuth());
    return true;
  };
  const tidy = () => history.replaceState(history.state, '', withoutLogin(location.href));
  /** A login nobody began here is explained, not finished: see `own-logins`. */
  const finish = async (foreign: boolean) => {
    if (hasCodeAlone(location.href)) {
      tidy();
      store.update({ problem: CODE_ALONE });
    } else if (foreign) {
      tidy();
      throw new WeiqiaoError('STATE_MISMATCH', '页面没有提交这个 code：授权不是在这个浏览器里发起的');
    } else {
      await client.handleCallback();
    }
  };
  const open = async () => {
    const before = loadJournal(tab);
    const journal = enterReturn(before, location.href, ownStates(local));
    saveJournal(tab, journal);
    store.update({ journal });
    await attempt('exchange', () => finish(journal !== before && isForeign(journal)));
    await attempt('check', lookUp);
  };
  return {
    check: () => afresh('check', lookUp),
    login: () => afresh('authorize', () => client.login()),
    open,
    retry() {
      store.update({ problem: null });
      return open();
    },
    relogin: () =>
      afresh('authorize', async () => {
        if (await leave()) await client.login();
      }),
    logout: () =>
      afresh('logout', async () => {
        await leave();
      }),
    async follow() {
      if (store.state.busy !== null) return;
      await attempt('check', async () => {
        await lookUp();
        const { auth } = store.state;
        // What this tab did belongs to a login that is over.
        if (auth?.user) return;
        saveJournal(tab, {});
        store.update({ journal: {}, revealed: false });
      });
    },
    async configure() {
      store.update({ jsSdk: { status: 'working', config: null, problem: null } });
      try {
        store.update({ jsSdk: { status: 'ready', config: await client.configureJsSdk(), problem: null } });
      } catch (error) {
        store.update({ jsSdk: { status: 'failed', config: null, problem: explain(error, place()) } });
      }
    },
    async share(title, desc) {
      const { jsSdk } = store.state;
      store.update({
        share: { status: 'working', title, desc, link: location.href },
        jsSdk: { ...jsSdk, problem: null },
      });
      try {
        await client.share({ title, desc, imgUrl: new URL(cardImage, location.href).href });
        store.update({ share: { status: 'set', title, desc, link: location.href } });
      } catch (error) {
        store.update({
          share: { ...store.state.share, status: 'idle' },
          jsSdk: { ...jsSdk, problem: explain(error, place()) },
        });
      }
    },
    reveal: () => store.update({ revealed: !store.state.revealed }),
    dismiss: () => store.update({ problem: null }),
  };
}
