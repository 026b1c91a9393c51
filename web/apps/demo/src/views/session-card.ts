import type { AuthStatus } from '@weiqiao/browser';
import { el } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import type { State } from '../state';
import { cardTitle } from './card-title';
import { expiry } from './expiry';
import { profile } from './profile';

const STATUS: Record<AuthStatus['reason'], { label: string; tone: string; text: string }> = {
  never_logged_in: { label: '未登录', tone: 'grey', text: '这个浏览器里还没有登录记录。' },
  unknown_user: {
    label: '需要重新授权',
    tone: 'amber',
    text: '服务不认识这个 openid，或本次会话已结束；本地记录已清除。',
  },
  expired: { label: '已过期', tone: 'amber', text: '上次授权已超过 24 小时，请重新授权。' },
  valid: { label: '已登录', tone: 'green', text: '' },
};

/** Who is logged in, for how long, and the four things to do about it. */
export function sessionCard(
  state: Pick<State, 'auth' | 'busy' | 'revealed' | 'clockOffset'>,
  actions: Actions,
): HTMLElement[] {
  const { auth, busy } = state;
  const status = auth
    ? STATUS[auth.reason]
    : { label: '检查中', tone: 'grey', text: '正在向服务询问登录状态……' };
  const user = auth?.user;
  return [
    cardTitle(
      '会话',
      'Session',
      el('span', { id: 'session-status', class: `pill ${status.tone}`, role: 'status' }, status.label),
    ),
    user ? profile(user, state.revealed, actions.reveal) : el('p', { class: 'muted' }, status.text),
    ...(user ? [expiry(user, auth.reason === 'expired', state.clockOffset, actions.check)] : []),
    user && status.text ? el('p', { class: 'muted' }, status.text) : el('span', { hidden: true }),
    el('div', { class: 'actions', 'aria-busy': String(busy !== null) }, ...buttons(auth, actions)),
  ];
}

function buttons(auth: AuthStatus | null, actions: Actions): HTMLElement[] {
  const button = (id: string, label: string, onclick: () => void, kind = '') =>
    el('button', { id, type: 'button', class: kind, onclick }, label);
  if (!auth?.user) return [button('login', '开始微信授权', actions.login, 'primary')];
  return [
    auth.authenticated
      ? button('check', '重新检查状态', actions.check, 'primary')
      : button('login', '开始微信授权', actions.login, 'primary'),
    button('relogin', '强制重新授权', actions.relogin),
    button('logout', '退出登录', actions.logout),
  ];
}
