import { el } from '@weiqiao/page/dom';
import type { MiniStorage } from '../../model/mini/storage';

/** What the mini program has stored on this person's phone; it can be changed and taken away. */
export function storagePanel(
  key: number,
  owner: string,
  storage: MiniStorage,
  changed: (say?: string) => void,
): HTMLElement[] {
  const { keys, currentSize, limitSize } = storage.info();
  const attempt = (does: () => void) => {
    try {
      does();
      changed();
    } catch (error) {
      changed(error instanceof Error ? error.message : String(error));
    }
  };
  return [
    el(
      'div',
      { class: 'panel-head' },
      el('p', { class: 'muted' }, `${owner} · ${keys.length} 项，${currentSize} / ${limitSize} KB`),
      keys.length > 0 &&
        el(
          'button',
          {
            id: `storage-clear-${key}`,
            type: 'button',
            class: 'small danger',
            onclick: () => attempt(() => storage.clear()),
          },
          '全部清空',
        ),
    ),
    keys.length === 0
      ? el('p', { class: 'empty' }, '空的。登录之后，会话会存在这里。')
      : el('div', { class: 'mini-requests' }, ...keys.map((name) => entry(key, name, storage, attempt))),
    newEntry(key, storage, attempt),
  ];
}

type Attempt = (does: () => void) => void;

function entry(key: number, name: string, storage: MiniStorage, attempt: Attempt): HTMLElement {
  const value = storage.get(name);
  const text = el('textarea', {
    id: `storage-${key}-${name}`,
    rows: '5',
    spellcheck: 'false',
    'aria-label': `${name} 的值`,
  });
  text.value = JSON.stringify(value, null, 2);
  return el(
    'details',
    { id: `stored-${key}-${name}` },
    el(
      'summary',
      {},
      el('code', { class: 'method' }, name),
      el('span', { class: 'muted why' }, JSON.stringify(value)),
    ),
    el(
      'div',
      {},
      text,
      el(
        'div',
        { class: 'row' },
        el(
          'button',
          {
            id: `storage-save-${key}-${name}`,
            type: 'button',
            class: 'small',
            onclick: () => attempt(() => storage.set(name, read(text.value))),
          },
          '保存',
        ),
        el(
          'button',
          {
            id: `storage-remove-${key}-${name}`,
            type: 'button',
            class: 'small danger',
            onclick: () => attempt(() => storage.remove(name)),
          },
          '删除',
        ),
      ),
    ),
  );
}

function newEntry(key: number, storage: MiniStorage, attempt: Attempt): HTMLElement {
  const name = el('input', {
    id: `storage-key-${key}`,
    placeholder: 'key',
    'aria-label': '新的 key',
    autocomplete: 'off',
  });
  const value = el('input', {
    id: `storage-value-${key}`,
    placeholder: '值（JSON 或文字）',
    'aria-label': '新的值',
    autocomplete: 'off',
  });
  return el(
    'form',
    {
      class: 'mini-new',
      onsubmit: (event) => {
        event.preventDefault();
        attempt(() => storage.set(name.value.trim(), read(value.value)));
      },
    },
    name,
    value,
    el('button', { id: `storage-add-${key}`, type: 'submit', class: 'small' }, '添加'),
  );
}

/** JSON when it is JSON, otherwise the words as they are. */
export function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
