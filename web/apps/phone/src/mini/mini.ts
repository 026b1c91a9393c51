import { el, show } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import { api } from '../model/api';
import { chatKey } from '../model/chat/chats';
import type { Launch } from '../model/mini/launch';
import { PANELS, type PanelId } from '../model/mini/panels';
import { failures } from '../model/mini/request-log';
import { sendsTo } from '../model/mini/sends';
import { shelfKey } from '../model/mini/storage';
import { demoTemplate, miniAccount, openidOf } from '../model/mini/world';
import type { PhoneSlot } from '../model/phones';
import type { State } from '../model/state';
import { launchPanel, type Opening } from './panels/launch';
import { requestsPanel } from './panels/requests';
import { storagePanel } from './panels/storage';
import { wechatPanel } from './panels/wechat';
import { type Between, type Runtime, startRuntime } from './runtime';
import { startView } from './start';

export interface MountedMini {
  element: HTMLElement;
  update(slot: PhoneSlot, state: State): void;
}

/** The mini-program tab of a phone: the program, and the developer's panels under it. */
export function mountMini(key: number, actions: Actions): MountedMini {
  let slot: PhoneSlot | undefined;
  let state: State | undefined;
  let panel: PanelId | null = null;
  let started = '';
  let shown = '';
  let facts = '';
  let runtime: Runtime | null = null;
  let now: Between | null = null;

  const open = ({ page, scene }: Opening) => {
    setPanel(null);
    actions.openMini(key, slot?.launch?.account ?? null, page, scene);
  };
  const close = () => {
    setPanel(null);
    actions.changePhone(key, { launch: null });
  };
  const setPanel = (next: PanelId | null) => {
    panel = next;
    drawPanels();
  };
  const start = el('div', { class: 'mini-start' });
  const drawer = el('div', { class: 'mini-drawer' });
  const bar = el('div', { class: 'mini-dev', role: 'group', 'aria-label': '开发者面板' });
  const element = el('div', { class: 'mini' }, start, drawer, bar);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && panel) setPanel(null);
  });
  // Another window with the same person's phone has stored something.
  addEventListener('storage', (event) => {
    if (now && event.key === shelfKey(now.account.name, now.persona.id)) drawPanels();
  });

  function drawPanels(): void {
    const log = runtime?.log() ?? [];
    const failed = failures(log);
    bar.hidden = runtime === null;
    show(
      bar,
      ...PANELS.map(([id, label]) =>
        el(
          'button',
          {
            id: `dev-${key}-${id}`,
            type: 'button',
            'aria-expanded': String(panel === id),
            onclick: () => setPanel(panel === id ? null : id),
          },
          label,
          id === 'requests' &&
            log.length > 0 &&
            el('span', { class: `pill ${failed > 0 ? 'red' : ''}` }, String(log.length)),
        ),
      ),
    );
    drawer.hidden = panel === null || runtime === null;
    show(drawer, ...(panel && now && runtime ? content(panel, now, runtime) : []));
  }

  function content(id: PanelId, between: Between, program: Runtime): HTMLElement[] {
    const { persona, account, service, subscriptions, sends } = between;
    switch (id) {
      case 'requests':
        return requestsPanel(key, program.log(), service, program.clearLog);
      case 'storage':
        return storagePanel(key, `${persona.nickname} @ ${account.title}`, program.storage, (say) => {
          if (say) actions.tell(say);
          program.refresh();
          drawPanels();
        });
      case 'launch':
        return launchPanel(key, slot?.launch ?? null, open);
      case 'wechat':
        return wechatPanel(
          key,
          subscriptions,
          sends,
          (change) => void actions.attempt(() => api.changeSubscriptions(persona.id, account.name, change)),
        );
    }
  }

  function look(launch: Launch | null): Between | null {
    const { world, ledger, errcodes, mini } = state ?? {};
    const persona = world?.personas.find(({ id }) => id === slot?.persona);
    const account = world && miniAccount(world, launch?.account ?? null);
    if (!world || !persona || !account) return null;
    return {
      persona,
      account,
      service: world.settings.service_url,
      templateId: demoTemplate(world, account.name)?.template_id ?? null,
      subscriptions: mini?.subscriptions[chatKey(persona.id, account.name)],
      sends: sendsTo(ledger ?? [], openidOf(persona, account.name), errcodes ?? {}),
    };
  }

  function end(): void {
    runtime?.end();
    runtime?.element.remove();
    runtime = null;
    started = '';
    panel = null;
    drawPanels();
  }

  function begin(launch: Launch, between: Between, opening: string): void {
    end();
    started = opening;
    facts = factsOf(between);
    start.hidden = true;
    runtime = startRuntime(key, launch, () => now ?? between, {
      menu: () => setPanel(panel === 'launch' ? null : 'launch'),
      close,
      changed: () => drawPanels(),
    });
    start.after(runtime.element);
    drawPanels();
  }

  function refresh(between: Between): void {
    const next = factsOf(between);
    if (next === facts) return;
    facts = next;
    runtime?.refresh();
    // What is being written into the other panels stays.
    if (panel === 'wechat' || panel === 'requests') drawPanels();
  }

  function drawStart({ persona, launch }: PhoneSlot, { world }: State): void {
    const account = world && miniAccount(world, launch?.account ?? null);
    const next = JSON.stringify([world !== null, account, persona, world?.personas.map(({ id }) => id)]);
    if (start.hidden || next !== shown) show(start, ...startView(key, world, persona, open));
    shown = next;
    start.hidden = false;
  }

  return {
    element,
    update(nextSlot, nextState) {
      slot = nextSlot;
      state = nextState;
      const { launch } = nextSlot;
      const between = look(launch);
      const opening = launch && between ? JSON.stringify([launch, between.persona.id]) : '';
      // It begins when it is looked at: nothing is called behind anybody's back.
      if (opening === '' || (opening !== started && nextSlot.tab !== 'mini')) end();
      if (!launch || !between || (!runtime && nextSlot.tab !== 'mini')) return drawStart(nextSlot, nextState);
      now = between;
      actions.mini.needSubscriptions(between.persona.id, between.account.name);
      if (opening !== started) begin(launch, between, opening);
      else refresh(between);
    },
  };
}

/** What pages and panels draw, so that they are drawn again only when it has changed. */
const factsOf = ({ subscriptions, sends, service, templateId }: Between): string =>
  JSON.stringify([subscriptions, sends, service, templateId]);
