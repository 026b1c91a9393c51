import { el } from '@weiqiao/page/dom';
import { createLocks } from '../model/locks';
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

/** How long a session lasts: `docs/staff.md`. */
const REMEMBERED = '连续 3 天没有使用、或登录满 14 天才退出；不勾选是 30 分钟和 12 小时。公用电脑请勿勾选';

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
  const locks = createLocks();
  /** The name whose wait is being told. */
  let told: string | undefined;
  let timer: number | undefined;
  let busy = false;

  /** What the button says and does: for a name that has to wait it says how long, for every other one it logs in. */
  const stand = () => {
    const lock = locks.of(name.value);
    button.disabled = busy || lock !== undefined;
    button.textContent = busy ? '正在登录……' : lock ? `请等待 ${waitText(lock.seconds)}` : '登录';
    form.setAttribute('aria-busy', String(busy));
    if (lock && told !== name.value) message.problem(lock.problem);
    else if (!lock && told === name.value) message.tell('可以再试了', '', 'green');
    else if (!lock && told !== undefined) message.clear();
    told = lock ? name.value : undefined;
    window.clearTimeout(timer);
    if (lock) timer = window.setTimeout(stand, 500);
  };
  name.addEventListener('input', stand);

  const form = el(
    'form',
    { id: 'login-form', novalidate: true },
    el('div', { class: 'field' }, el('label', { for: 'username' }, '用户名'), name),
    password.element,
    el(
      'label',
      { class: 'check', for: 'remember' },
      remember,
      el('span', {}, '记住我', el('small', {}, REMEMBERED)),
    ),
    message.element,
    button,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const empty = name.value.trim() === '' ? name : password.input.value === '' ? password.input : undefined;
    if (empty) {
      message.tell(empty === name ? '请输入用户名' : '请输入密码', '', 'amber');
      empty.focus();
      return;
    }
    message.clear();
    busy = true;
    stand();
    const tried = name.value;
    submit(tried, password.input.value, remember.checked).catch((error: unknown) => {
      const problem = error instanceof Problem ? error : Problem.of(500, null, undefined);
      busy = false;
      if (problem.trouble === 'locked') locks.add(tried, problem);
      else message.problem(problem);
      stand();
      // A button that cannot be pressed holds no focus.
      const field = locks.of(name.value) ? name : password.input;
      field.focus();
      field.select();
    });
  });
  if (notice) message.tell(notice, '', 'amber');
  const view = door('登录控制台', '员工账号由管理员创建。', form);
  view.append(
    el(
      'p',
      { class: 'muted foot' },
      '忘记密码？请管理员重设，或在服务器上运行',
      el('code', {}, 'weiqiao admin reset-password'),
    ),
  );
  queueMicrotask(() => (name.value ? password.input : name).focus());
  return view;
}
