import { el } from '@weiqiao/page/dom';
import { passwordProblem } from '../model/password';
import { Problem } from '../model/problem';
import { door } from './door';
import { passwordField } from './field';
import { messageBox } from './message';

export interface SetupOptions {
  /** From a link, and whose it is; without one people paste the token of the first start. */
  link?: { token: string; username: string } | undefined;
  /** Whose password a token sets. */
  look(token: string): Promise<{ username: string }>;
  submit(token: string, password: string): Promise<void>;
  /** Back to the log-in. */
  leave?: (() => void) | undefined;
}

/** What to do with a token that does not work. */
export const DEAD_TOKEN =
  '一次性令牌 24 小时内有效，只能使用一次。请向管理员要一个新的；第一个管理员的令牌在重启服务后会重新生成。';

const FIRST_START =
  '还没有员工账号。首次启动时，服务把一次性令牌写进了只有服务器管理员能读的文件，启动日志里有它的位置。';

/** Sets a password with a one-time token. */
export function setupView(options: SetupOptions): HTMLElement {
  return options.link ? passwordForm(options, options.link) : tokenForm(options);
}

/** First the token: it says whose password is set. */
function tokenForm(options: SetupOptions): HTMLElement {
  const token = el('input', {
    id: 'token',
    name: 'token',
    type: 'text',
    autocomplete: 'one-time-code',
    required: true,
    maxlength: 128,
    spellcheck: 'false',
    autocapitalize: 'none',
  });
  const message = messageBox('setup-message');
  const button = el('button', { type: 'submit', class: 'primary', id: 'check' }, '下一步');
  const form = el(
    'form',
    { id: 'token-form', novalidate: true },
    el('div', { class: 'field' }, el('label', { for: 'token' }, '一次性令牌'), token),
    message.element,
    button,
  );
  const view = door('设置第一个管理员', FIRST_START, form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = token.value.trim();
    if (given === '') {
      message.tell('请输入一次性令牌。', '', 'amber');
      token.focus();
      return;
    }
    message.clear();
    button.disabled = true;
    options.look(given).then(
      ({ username }) => view.replaceWith(passwordForm(options, { token: given, username })),
      (error: unknown) => {
        button.disabled = false;
        tell(message, error);
        token.focus();
        token.select();
      },
    );
  });
  queueMicrotask(() => token.focus());
  return view;
}

function passwordForm(
  { link, submit, leave }: SetupOptions,
  { token, username }: { token: string; username: string },
): HTMLElement {
  const password = passwordField('new-password', '新密码', 'new-password');
  const again = passwordField('new-password-again', '再输入一次', 'new-password');
  const message = messageBox('setup-message');
  const button = el('button', { type: 'submit', class: 'primary', id: 'setup' }, '设置密码');
  // Read only, and in the form: so that password managers keep the new password for this name.
  const name = el('input', {
    id: 'username',
    name: 'username',
    type: 'text',
    autocomplete: 'username',
    readonly: true,
  });
  name.value = username;
  const form = el(
    'form',
    { id: 'setup-form', novalidate: true },
    el('div', { class: 'field' }, el('label', { for: 'username' }, '用户名'), name),
    password.element,
    el('p', { class: 'muted hint' }, '12 到 128 个字符，不要求大小写或符号；几个不相干的词就很好。'),
    again.element,
    message.element,
    button,
    leave ? el('button', { type: 'button', class: 'plain', onclick: leave }, '返回登录') : null,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const problem = passwordProblem(password.input.value, again.input.value);
    if (problem) {
      message.tell(problem, '', 'amber');
      password.input.focus();
      return;
    }
    message.clear();
    button.disabled = true;
    submit(token, password.input.value).catch((error: unknown) => {
      button.disabled = false;
      tell(message, error);
      password.input.focus();
    });
  });
  const lead = [
    '为 ',
    el('strong', {}, username),
    link ? ' 设置密码。这个链接只能使用一次。' : ' 设置密码，角色是管理员。',
  ];
  const view = door(link ? '设置您的密码' : '设置第一个管理员', lead, form);
  queueMicrotask(() => password.input.focus());
  return view;
}

function tell(message: ReturnType<typeof messageBox>, error: unknown): void {
  const found = error instanceof Problem ? error : Problem.of(500, null, undefined);
  if (found.trouble === 'wrong') message.tell(found.message, DEAD_TOKEN);
  else message.problem(found);
}
