import { el } from '@weiqiao/page/dom';
import type { Problem } from '../model/problem';
import { door } from './door';
import { DEAD_TOKEN } from './setup';

/** The service cannot be reached, or does not work. */
export function troubleView(problem: Problem, retry: () => void): HTMLElement {
  const button = el('button', { type: 'button', class: 'primary', onclick: retry }, '重试');
  queueMicrotask(() => button.focus());
  return door(
    problem.message,
    problem.next,
    problem.requestId ? el('p', { class: 'muted' }, `请求编号 ${problem.requestId}`) : null,
    button,
  );
}

/** A one-time link that does not work any more. */
export function deadLinkView(said: string, leave: () => void): HTMLElement {
  const button = el('button', { type: 'button', class: 'primary', onclick: leave }, '返回登录');
  queueMicrotask(() => button.focus());
  return door('这个链接不能用了', `${said}。${DEAD_TOKEN}`, button);
}

/** Somebody is logged in and may not see this. */
export function forbiddenView(who: string, logOut: () => void): HTMLElement {
  const button = el(
    'button',
    { type: 'button', class: 'primary', id: 'logout', onclick: logOut },
    '换一个账号登录',
  );
  queueMicrotask(() => button.focus());
  const view = door('没有权限', `您以 ${who} 的身份登录，这个角色不能查看这里的内容。`, button);
  view.dataset.screen = 'forbidden';
  view.querySelector('h1')?.insertAdjacentElement('beforebegin', el('p', { class: 'code' }, '403'));
  return view;
}
