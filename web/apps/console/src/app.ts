import { show } from '@weiqiao/page/dom';
import type { Api, Me } from './model/api';
import { Problem } from './model/problem';
import { setupToken } from './model/setup-link';
import { roleText } from './model/words';
import { loginView } from './views/login';
import { overviewView } from './views/overview';
import { setupView } from './views/setup';
import { deadLinkView, forbiddenView, troubleView } from './views/trouble';

/** How often the overview is read anew while somebody looks at it. */
const EVERY_MS = 15_000;

/** Finds out who is there and shows what they may see. */
export function createApp(root: HTMLElement, api: Api) {
  let timer: number | undefined;

  const place = (view: HTMLElement, title: string) => {
    window.clearInterval(timer);
    document.title = `${title} · 微桥控制台`;
    show(root, view);
  };
  const asProblem = (error: unknown) => (error instanceof Problem ? error : Problem.of(500, null, undefined));

  function logIn(notice?: string, username?: string): void {
    const submit = async (name: string, password: string, remember: boolean) => {
      const { user } = await api.logIn(name, password, remember);
      await overview(user);
    };
    place(loginView({ notice, username, submit }), '登录');
  }

  function setUp(link?: { token: string; username: string }): void {
    const submit = async (given: string, password: string) => {
      const { username } = await api.setUp(given, password);
      logIn('密码已设置，请登录。', username);
    };
    const leave = link && (() => logIn());
    place(setupView({ link, look: api.lookAtSetup, submit, leave }), '设置密码');
  }

  /** Whoever opened a link sees for whom it is, or that it is too old, before they think of a password. */
  async function openLink(token: string): Promise<void> {
    try {
      setUp({ token, username: (await api.lookAtSetup(token)).username });
    } catch (error) {
      const problem = asProblem(error);
      if (problem.trouble === 'wrong')
        place(
          deadLinkView(problem.message, () => logIn()),
          '设置密码',
        );
      else
        place(
          troubleView(problem, () => void openLink(token)),
          '出错了',
        );
    }
  }

  async function logOut(): Promise<void> {
    try {
      await api.logOut();
    } catch (error) {
      const problem = asProblem(error);
      // Whoever is out already is out.
      if (problem.trouble !== 'expired') {
        place(
          troubleView(problem, () => void logOut()),
          '退出',
        );
        return;
      }
    }
    logIn('已退出登录。');
  }

  async function overview(me: Me): Promise<void> {
    const view = overviewView({ me, logOut: () => void logOut(), refresh: () => void read() });
    const who = `${me.name || me.username}（${roleText(me.role)}）`;
    /** Whether the page goes on. */
    const read = async (): Promise<boolean> => {
      try {
        view.update(await api.overview(), new Date());
      } catch (error) {
        const problem = asProblem(error);
        if (problem.trouble === 'expired') logIn('登录已过期，请重新登录。', me.username);
        else if (problem.trouble === 'forbidden')
          place(
            forbiddenView(who, () => void logOut()),
            '没有权限',
          );
        else {
          view.message.problem(problem);
          return true;
        }
        return false;
      }
      return true;
    };
    if (!(await read())) return;
    place(view.element, '概览');
    view.focus();
    timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') void read();
    }, EVERY_MS);
  }

  async function start(): Promise<void> {
    const token = setupToken(location.hash);
    if (token) {
      // A token in the address would stay in the history.
      history.replaceState(null, '', location.pathname);
      await openLink(token);
      return;
    }
    try {
      await overview(await api.me());
    } catch (error) {
      const problem = asProblem(error);
      if (problem.trouble === 'forbidden')
        place(
          forbiddenView('其他身份', () => logIn()),
          '没有权限',
        );
      else if (problem.trouble !== 'expired')
        place(
          troubleView(problem, () => void start()),
          '出错了',
        );
      else if (await api.needsSetup().catch(() => false)) setUp();
      else logIn();
    }
  }

  return { start };
}
