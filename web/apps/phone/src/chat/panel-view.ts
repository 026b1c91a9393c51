import type { Composer, PushId } from '../model/chat/compose';
import type { MenuButton } from '../model/chat/types';
import type { Account } from '../model/types';
import type { Doings } from './doings';
import { morePanel } from './more';
import { attachPanel, composePanel, resultPanel, scanPanel } from './panels';

/** What is open above the line to type in. */
export type Panel =
  | { kind: 'attach' }
  | { kind: 'compose'; composer: Composer }
  | { kind: 'scan' }
  | { kind: 'more' }
  | { kind: 'result'; button: MenuButton };

/** How a panel changes what is open, and how things are pushed. */
export interface PanelTaps {
  open(panel: Panel | null): void;
  setPush(push: PushId): void;
}

/** The panel that is open, if one is; whatever is done in it closes it. */
export function panelView(
  key: number,
  panel: Panel | null,
  push: PushId,
  account: Account,
  following: boolean,
  doings: Doings,
  { open, setPush }: PanelTaps,
): HTMLElement | null {
  const close = () => open(null);
  switch (panel?.kind) {
    case 'attach':
      return attachPanel(key, push, (composer) => open({ kind: 'compose', composer }), setPush);
    case 'compose': {
      const { composer } = panel;
      const send = (values: Record<string, string>) => {
        close();
        void doings.say(values, composer.type);
      };
      return composePanel(key, composer, send, () => open({ kind: 'attach' }));
    }
    case 'scan':
      return scanPanel(key, doings.scan, close);
    case 'more':
      return morePanel(key, account, following, {
        scan: () => open({ kind: 'scan' }),
        follow: doings.follow,
        leave: close,
      });
    case 'result': {
      const { button } = panel;
      return resultPanel(key, button.name, (result) => doings.tapMenu(button, result), close);
    }
    default:
      return null;
  }
}
