import { el, show } from '@weiqiao/page/dom';
import type { Panel } from '../app';
import { matches } from '../model/ledger';
import { ledgerRow } from './ledger-row';

/** Every call the service made to "WeChat", newest first, live. */
export const ledgerPanel: Panel = (container, store, actions) => {
  const filter = el('input', {
    id: 'ledger-filter',
    type: 'search',
    placeholder: '按路径、账号、错误码或 rid 筛选',
    'aria-label': '筛选',
  });
  const tools = el('div', { class: 'tools' });
  const rows = el('ol', { class: 'ledger' });
  container.append(el('div', { class: 'panel-head' }, filter, tools), rows);

  const draw = () => {
    const { ledger, errcodes, paused, seen } = store.state;
    const shown = ledger.filter((entry) => matches(entry, filter.value));
    show(
      rows,
      ...(shown.length > 0
        ? shown.map((entry) => ledgerRow(entry, errcodes))
        : [emptyText(ledger.length > 0, seen > 0)]),
    );
    show(
      tools,
      el('span', { class: 'muted' }, `${shown.length} 条`),
      el(
        'button',
        {
          id: 'ledger-pause',
          type: 'button',
          class: 'small',
          'aria-pressed': String(paused),
          onclick: togglePause,
        },
        paused ? '继续' : '暂停',
      ),
      el(
        'button',
        { id: 'ledger-clear', type: 'button', class: 'small', onclick: actions.clearLedgerView },
        '清空显示',
      ),
    );
  };
  const togglePause = () => {
    actions.setPaused(!store.state.paused);
    void actions.refreshLedger();
  };
  filter.addEventListener('input', draw);
  store.watch(
    ({ ledger, paused, errcodes }) => [ledger.map((entry) => entry.id), paused, Object.keys(errcodes).length],
    draw,
  );
};

function emptyText(filtered: boolean, cleared: boolean): HTMLElement {
  if (filtered) return el('li', { class: 'empty' }, '没有符合筛选条件的调用。');
  if (cleared) return el('li', { class: 'empty' }, '显示已清空，新的调用会出现在这里。');
  return el(
    'li',
    { class: 'empty' },
    el('p', {}, '还没有人调用过模拟微信。'),
    el(
      'p',
      { class: 'muted' },
      '在手机里打开演示页并登录，或让您的程序把 https://api.weixin.qq.com 换成 ',
      el('code', {}, location.origin),
      '。',
    ),
  );
}
