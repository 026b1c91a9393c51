import { el } from '@weiqiao/page/dom';
import { readFaultForm } from '../model/faults';
import type { NewFault } from '../model/types';

const PATHS = [
  '/sns/oauth2/access_token',
  '/sns/userinfo',
  '/sns/oauth2/refresh_token',
  '/sns/jscode2session',
  '/cgi-bin/stable_token',
  '/cgi-bin/token',
  '/cgi-bin/ticket/getticket',
  '/cgi-bin/*',
  '/*',
];

/** A failure of one's own: where, how often, what. */
export function faultForm(add: (fault: NewFault) => Promise<boolean>): HTMLElement {
  const warning = el(
    'p',
    { class: 'meaning', role: 'status', hidden: true },
    '这样什么也不会发生：请填 errcode、HTTP 状态、延迟，或勾选断开连接。',
  );
  const number = (name: string, label: string, attributes: Record<string, string | number>) =>
    el('label', {}, label, el('input', { id: `fault-${name}`, name, type: 'number', ...attributes }));
  const form = el(
    'form',
    { class: 'form' },
    el(
      'label',
      {},
      '接口路径（末尾 * 匹配所有以此开头的）',
      el('input', {
        id: 'fault-path',
        name: 'path',
        list: 'fault-paths',
        required: true,
        pattern: '/.*',
        value: PATHS[0],
      }),
    ),
    el('datalist', { id: 'fault-paths' }, ...PATHS.map((path) => el('option', { value: path }))),
    number('times', '接下来几次', { min: 1, value: 1 }),
    number('percent', '或：百分之几的调用（填了就不看次数）', { min: 0, max: 100 }),
    number('errcode', 'errcode', {}),
    number('status', 'HTTP 状态', { min: 200, max: 599 }),
    number('delay', '延迟（毫秒）', { min: 0, max: 600_000 }),
    el(
      'label',
      { class: 'tick' },
      el('input', { id: 'fault-reset', name: 'reset', type: 'checkbox' }),
      '断开连接，不回答',
    ),
    el(
      'label',
      { class: 'tick' },
      el('input', { id: 'fault-deliver', name: 'deliver', type: 'checkbox' }),
      '先处理，再失败（调用方不知道成功了没有）',
    ),
    warning,
    el('button', { id: 'fault-add', type: 'submit', class: 'primary' }, '注入'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const fault = readFaultForm(values);
    warning.hidden = fault !== null;
    if (fault) void add(fault);
  });
  return form;
}
