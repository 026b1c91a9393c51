import { el, show } from '@weiqiao/page/dom';
import type { Store } from '@weiqiao/page/store';
import type { Actions } from './actions';
import type { PanelId, State } from './model/state';
import { clockPanel } from './panels/clock';
import { faultsPanel } from './panels/faults';
import { ledgerPanel } from './panels/ledger';
import { peoplePanel } from './panels/people';
import { snapshotsPanel } from './panels/snapshots';
import { phonesArea } from './phone/phones-area';
import { topBar } from './top-bar';

/** Puts a panel's content into its container and keeps it up to date. */
export type Panel = (container: HTMLElement, store: Store<State>, actions: Actions) => void;

const PANELS: readonly [PanelId, string, Panel][] = [
  ['phones', '手机', phonesArea],
  ['ledger', '上游日志', ledgerPanel],
  ['people', '人物', peoplePanel],
  ['faults', '故障', faultsPanel],
  ['clock', '时钟', clockPanel],
  ['snapshots', '快照', snapshotsPanel],
];

/** Phones at the left, panels at the right; on a narrow screen the phones are one of the panels. */
export function mountApp(root: HTMLElement, store: Store<State>, actions: Actions): void {
  const top = el('div');
  const problem = el('div', { 'aria-live': 'assertive' });
  const tabs = el('nav', { class: 'tabs', 'aria-label': '面板' });
  const desk = el('main', { class: 'desk' });
  const side = el('div', { class: 'side' }, tabs);
  for (const [id, title, panel] of PANELS) {
    const container = el('section', {
      id: `panel-${id}`,
      class: id === 'phones' ? 'phones' : 'panel',
      'aria-label': title,
    });
    if (id === 'phones') desk.append(container);
    else side.append(container);
    panel(container, store, actions);
  }
  desk.append(side);
  root.replaceChildren(top, problem, desk);
  store.watch(
    ({ online, world, readAt, phones }) => ({ online, clock: world?.clock, readAt, phones: phones.length }),
    () => show(top, topBar(store.state, actions)),
  );
  store.watch(
    ({ problem: text }) => text,
    (text) => show(problem, text && problemBar(text, actions)),
  );
  store.watch(
    ({ panel }) => panel,
    (current) => {
      // A class, not `hidden`: on a wide screen the phones stay in view whichever panel is in front.
      desk.dataset.panel = current;
      show(tabs, ...PANELS.map(([id, title]) => tab(id, title, id === current, actions)));
      for (const [id] of PANELS)
        document.getElementById(`panel-${id}`)?.classList.toggle('front', id === current);
    },
  );
}

function tab(id: PanelId, title: string, current: boolean, actions: Actions): HTMLElement {
  return el(
    'button',
    {
      id: `tab-${id}`,
      type: 'button',
      class: 'tab',
      'aria-current': current ? 'true' : undefined,
      onclick: () => actions.show(id),
    },
    title,
  );
}

function problemBar(text: string, actions: Actions): HTMLElement {
  return el(
    'p',
    { class: 'problem-bar red', role: 'alert' },
    el('span', {}, text),
    el('button', { id: 'dismiss', type: 'button', class: 'small', onclick: actions.dismiss }, '知道了'),
  );
}
