import { el } from '@weiqiao/page/dom';

/** A password field that can be looked at, and that says when the caps lock is on. */
export function passwordField(id: string, label: string, autocomplete: string) {
  const input = el('input', {
    id,
    name: id,
    type: 'password',
    autocomplete,
    required: true,
    maxlength: 256,
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': `${id}-caps`,
  });
  const caps = el(
    'span',
    { id: `${id}-caps`, class: 'caps', role: 'status', hidden: true },
    '大写锁定已打开',
  );
  const toggle = el(
    'button',
    { type: 'button', class: 'peek', 'aria-label': '显示密码', 'aria-pressed': 'false' },
    '显示',
  );
  toggle.addEventListener('click', () => {
    const visible = input.type === 'password';
    input.type = visible ? 'text' : 'password';
    toggle.textContent = visible ? '隐藏' : '显示';
    toggle.setAttribute('aria-label', visible ? '隐藏密码' : '显示密码');
    toggle.setAttribute('aria-pressed', String(visible));
    input.focus();
  });
  const look = (event: Event) => {
    if (event instanceof KeyboardEvent) caps.hidden = !event.getModifierState('CapsLock');
  };
  input.addEventListener('keydown', look);
  input.addEventListener('keyup', look);
  input.addEventListener('blur', () => {
    caps.hidden = true;
  });
  const element = el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label),
    el('div', { class: 'with-peek' }, input, toggle),
    caps,
  );
  return { element, input };
}
