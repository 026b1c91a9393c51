import { el } from '@weiqiao/page/dom';
import { passwordProblem } from '../model/password';
import { Problem } from '../model/problem';
import { door } from './door';
import { passwordField } from './field';
import { messageBox } from './message';

export interface SetupOptions {
  /** From a link; without one people paste the token of the first start. */
  token?: string | undefined;
  submit(token: string, password: string): Promise<void>;
  /** Back to the log-in. */
  leave?: (() => void) | undefined;
}

/** Sets a password with a one-time token. */
export function setupView({ token, submit, leave }: SetupOptions): HTMLElement {
  const given = el('input', {
    id: 'token',
    name: 'token',
    type: 'text',
    autocomplete: 'one-time-code',
    required: true,
    maxlength: 128,
    spellcheck: 'false',
    autocapitalize: 'none',
  });
  const password = passwordField('new-password', '新密码', 'new-password');
  const again = passwordField('new-password-again', '再输入一次', 'new-password');
  const message = messageBox('setup-message');
  const button = el('button', { type: 'submit', class: 'primary', id: 'setup' }, '设置密码');
  const form = el(
    'form',
    { id: 'setup-form', novalidate: true },
    token ? null : el('div', { class: 'field' }, el('label', { for: 'token' }, '一次性令牌'), given),
    password.element,
    el('p', { class: 'muted hint' }, '12 到 128 个字符，不要求大小写或符号；几个不相干的词就很好。'),
    again.element,
    message.element,
    button,
    leave ? el('button', { type: 'button', class: 'plain', onclick: leave }, '返回登录') : null,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = token ?? given.value.trim();
    const problem =
      text === '' ? '请输入一次性令牌。' : passwordProblem(password.input.value, again.input.value);
    if (problem) {
      message.tell(problem, '', 'amber');
      (text === '' ? given : password.input).focus();
      return;
    }
    message.clear();
    button.disabled = true;
    submit(text, password.input.value).catch((error: unknown) => {
      button.disabled = false;
      const found = error instanceof Problem ? error : Problem.of(500, null, undefined);
      if (found.trouble === 'wrong')
        message.tell(found.message, '令牌 24 小时内有效，只能使用一次。请向管理员要一个新的，或重启服务。');
      else message.problem(found);
    });
  });
  const lead = token
    ? '这个链接只能使用一次。'
    : '还没有员工账号。首次启动时，服务把一次性令牌写进了只有服务器管理员能读的文件，启动日志里有它的位置。';
  const view = door(token ? '设置您的密码' : '设置第一个管理员', lead, form);
  queueMicrotask(() => (token ? password.input : given).focus());
  return view;
}
