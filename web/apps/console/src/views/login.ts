import { el } from '@weiqiao/page/dom';
import { Problem } from '../model/problem';
import { waitText } from '../model/wait';
import { door } from './door';
import { passwordField } from './field';
import { messageBox } from './message';

export interface LoginOptions {
  /** Said above the form, such as that the session ended. */
  notice?: string | undefined;
  username?: string | undefined;
  submit(username: string, password: string, remember: boolean): Promise<void>;
}

/** The log-in form. It is made once: what was typed stays, whatever is said about it. */
export function loginView({ notice, username, submit }: LoginOptions): HTMLElement {
  const name = el('input', {
    id: 'username',
    name: 'username',
    type: 'text',
    autocomplete: 'username',
    required: true,
    maxlength: 64,
    autocapitalize: 'none',
    spellcheck: 'false',
  });
  if (username) name.value = username;
  const password = passwordField('password', '密码', 'current-password');
  const remember = el('input', { id: 'remember', name: 'remember', type: 'checkbox' });
  const message = messageBox('login-message');
  const button = el('button', { type: 'submit', class: 'primary', id: 'login' }, '登录');
  let timer: number | undefined;

  const busy = (on: boolean) => {
    button.disabled = on;
    button.textContent = on ? '正在登录……' : '登录';
    form.setAttribute('aria-busy', String(on));
  };

  /** Nobody can do anything before the door opens again: the button says when. */
  const lock = (problem: Problem) => {
    const until = Date.now() + (problem.waitSeconds ?? 60) * 1000;
    const tick = () => {
      const left = (until - Date.now()) / 1000;
      if (left <= 0) {
        window.clearInterval(timer);
        message.tell('可以再试了', '', 'green');
        busy(false);
        return;
      }
      button.disabled = true;
      button.textContent = `请等待 ${waitText(left)}`;
    };
    message.problem(problem);
    tick();
    timer = window.setInterval(tick, 500);
  };

  const form = el(
    'form',
    { id: 'login-form', novalidate: true },
    el('div', { class: 'field' }, el('label', { for: 'username' }, '用户名'), name),
    password.element,
    el(
      'label',
      { class: 'check', for: 'remember' },
      remember,
      el('span', {}, '记住我', el('small', {}, '14 天内免登录；公用电脑请勿勾选')),
    ),
    message.element,
    button,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    window.clearInterval(timer);
    const empty = name.value.trim() === '' ? name : password.input.value === '' ? password.input : undefined;
    if (empty) {
      message.tell(empty === name ? '请输入用户名' : '请输入密码', '', 'amber');
      empty.focus();
      return;
    }
    message.clear();
    busy(true);
    submit(name.value, password.input.value, remember.checked).catch((error: unknown) => {
      const problem = error instanceof Problem ? error : Problem.of(500, null, undefined);
      if (problem.trouble === 'locked') {
        lock(problem);
        return;
      }
      busy(false);
      message.problem(problem);
      password.input.focus();
      password.input.select();
    });
  });
  if (notice) message.tell(notice, '', 'amber');
  const view = door('登录控制台', '员工账号由管理员创建。', form);
  queueMicrotask(() => (name.value ? password.input : name).focus());
  return view;
}
