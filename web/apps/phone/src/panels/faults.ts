import { el, show } from '@weiqiao/page/dom';
import type { Panel } from '../app';
import { api } from '../model/api';
import { describeFault, PRESETS, type Preset } from '../model/faults';
import type { Fault } from '../model/types';
import { faultForm } from './fault-form';
import { tokenList } from './token-list';

/** Failures on demand: what is pending, the usual ones, one's own. */
export const faultsPanel: Panel = (container, store, actions) => {
  const pending = el('ul', { class: 'faults' });
  const tokens = el('div');
  const inject = (preset: Preset) =>
    actions.attempt(async () => {
      const { world } = store.state;
      const officials = world?.accounts.filter(({ account }) => account.kind !== 'website') ?? [];
      if (preset.steals) for (const { account } of officials) await api.stealTokens(account.name);
      for (const fault of preset.faults) await api.addFault(fault);
    });
  container.append(
    el(
      'div',
      { class: 'panel-head' },
      el('h2', {}, '等待触发', el('small', {}, 'Pending')),
      el(
        'button',
        {
          id: 'clear-faults',
          type: 'button',
          class: 'small',
          onclick: () => void actions.attempt(api.clearFaults),
        },
        '全部清除',
      ),
    ),
    pending,
    el('h2', {}, '常见故障', el('small', {}, 'Presets')),
    el('ul', { class: 'presets' }, ...PRESETS.map((preset) => presetItem(preset, () => void inject(preset)))),
    tokens,
    el(
      'details',
      { id: 'own-fault' },
      el('summary', {}, '自定义故障'),
      faultForm((fault) => actions.attempt(() => api.addFault(fault))),
    ),
  );
  store.watch(
    ({ world }) => world?.faults,
    (faults) =>
      show(
        pending,
        ...(faults?.length
          ? faults.map((fault) =>
              pendingItem(fault, () => void actions.attempt(() => api.removeFault(fault.id))),
            )
          : [el('li', { class: 'empty' }, '没有故障，模拟微信一切正常。点下面的按钮试一种。')]),
      ),
  );
  store.watch(
    ({ world }) =>
      world?.accounts.map(({ account, generations, tokens: alive }) => [account.name, generations, alive]),
    () => show(tokens, ...tokenList(store.state.world?.accounts ?? [])),
  );
};

function presetItem(preset: Preset, inject: () => void): HTMLElement {
  return el(
    'li',
    {},
    el(
      'button',
      { id: `preset-${preset.id}`, type: 'button', onclick: inject },
      el('strong', {}, preset.title),
      el('span', { class: 'muted' }, preset.text),
    ),
  );
}

function pendingItem(fault: Fault, remove: () => void): HTMLElement {
  return el(
    'li',
    { 'data-fault': fault.id },
    el(
      'div',
      {},
      el('code', {}, fault.path),
      el('span', { class: 'muted' }, `#${fault.id} · ${describeFault(fault)}`),
    ),
    el('button', { id: `remove-fault-${fault.id}`, type: 'button', class: 'small', onclick: remove }, '移除'),
  );
}
