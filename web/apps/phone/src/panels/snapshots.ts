import { el, show } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import type { Panel } from '../app';
import { api } from '../model/api';
import { resetControl } from './reset';

/** Keep the whole emulated world, go back to it, begin again. */
export const snapshotsPanel: Panel = (container, store, actions) => {
  const list = el('ul', { class: 'faults' });
  const name = el('input', {
    id: 'snapshot-name',
    required: true,
    maxlength: 64,
    placeholder: '例如：登录之前',
    'aria-label': '快照名称',
  });
  container.append(
    el('h2', {}, '状态快照', el('small', {}, 'Snapshots')),
    el('p', { class: 'muted' }, '保存账号、人物、token、code、时钟等全部状态；日志和故障不在其中。'),
    el(
      'form',
      {
        class: 'row',
        onsubmit: (event) => {
          event.preventDefault();
          void save(name, actions);
        },
      },
      name,
      el('button', { id: 'snapshot-save', type: 'submit', class: 'primary' }, '保存'),
    ),
    list,
    el('h2', {}, '文件', el('small', {}, 'Files')),
    el(
      'div',
      { class: 'row' },
      el(
        'button',
        { id: 'snapshot-export', type: 'button', onclick: () => void actions.attempt(download) },
        '导出 JSON',
      ),
      upload(actions),
    ),
    el('h2', {}, '重新开始', el('small', {}, 'Reset')),
    el('p', { class: 'muted' }, '回到最初的账号和人物，恢复真实时间，清除故障和日志。已保存的快照会留着。'),
    resetControl(() => void actions.attempt(api.reset)),
  );
  store.watch(
    ({ world }) => world?.snapshots,
    (names) =>
      show(
        list,
        ...(names?.length
          ? names.map((one) => item(one, () => void actions.attempt(() => api.restore({ name: one }))))
          : [el('li', { class: 'empty' }, '还没有快照。在做有破坏性的试验之前先存一个。')]),
      ),
  );
};

async function save(name: HTMLInputElement, actions: Actions): Promise<void> {
  if (await actions.attempt(() => api.snapshot(name.value.trim()))) name.value = '';
}

function item(name: string, restore: () => void): HTMLElement {
  return el(
    'li',
    {},
    el('span', {}, name),
    el(
      'button',
      { type: 'button', class: 'small', 'aria-label': `恢复快照 ${name}`, onclick: restore },
      '恢复',
    ),
  );
}

async function download(): Promise<void> {
  const { snapshot } = await api.snapshot();
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(snapshot, null, 2)], { type: 'application/json' }),
  );
  el('a', { href: url, download: 'weixin-emulator.json' }).click();
  URL.revokeObjectURL(url);
}

function upload(actions: Actions): HTMLElement {
  const file = el('input', { id: 'snapshot-file', type: 'file', accept: 'application/json,.json' });
  file.addEventListener('change', async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    await actions.attempt(async () => api.restore({ snapshot: JSON.parse(await chosen.text()) }));
    file.value = '';
  });
  return el('label', { class: 'file' }, '从 JSON 恢复', file);
}
