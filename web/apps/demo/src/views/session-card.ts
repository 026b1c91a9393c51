import type { AuthStatus } from '@weiqiao/browser';
import { el } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import { sessionStatus } from '../model/session-status';
import type { State } from '../state';
import { cardTitle } from './card-title';
import { expiry } from './expiry';
import { profile } from './profile';

/** Who is logged in, for how long, and the four things to do about it. */
export function sessionCard(
  state: Pick<State, 'auth' | 'busy' | 'checkFailed' | 'revealed' | 'clockOffset'>,
  actions: Actions,
): HTMLElement[] {
  const { auth, busy } = state;
  const status = sessionStatus(state);
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
    el(
      'div',
      { class: 'actions', 'aria-busy': String(busy !== null) },
      ...buttons(auth, status.askAgain, actions),
    ),
  ];
}

function buttons(auth: AuthStatus | null, askAgain: boolean, actions: Actions): HTMLElement[] {
  const button = (id: string, label: string, onclick: () => void, kind = '') =>
    el('button', { id, type: 'button', class: kind, onclick }, label);
  if (askAgain)
    return [
      button('check', '重新检查', actions.check, 'primary'),
      button('login', '开始微信授权', actions.login),
    ];
  if (!auth?.user) return [button('login', '开始微信授权', actions.login, 'primary')];
  return [
    auth.authenticated
      ? button('check', '重新检查状态', actions.check, 'primary')
      : button('login', '开始微信授权', actions.login, 'primary'),
    button('relogin', '强制重新授权', actions.relogin),
    button('logout', '退出登录', actions.logout),
  ];
}
