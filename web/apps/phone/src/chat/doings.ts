import type { Actions } from '../actions';
import { composed, type PushId } from '../model/chat/compose';
import { menuTap } from '../model/chat/menu-tap';
import { readScan } from '../model/chat/scan';
import type { MenuButton } from '../model/chat/types';
import type { Account, Persona } from '../model/types';
import type { Panel } from './panel-view';

// WeChat's number of an opening through an account's menu.
const FROM_MENU = 1035;

/** What a person does in a chat. */
export interface Doings {
  /** False: it did not go out. */
  say(values: Record<string, string>, type?: string): Promise<boolean>;
  follow(following: boolean): void;
  scan(text: string): void;
  /** `result`: what a button that scans has seen. */
  tapMenu(button: MenuButton, result?: string): void;
  open(url: string): void;
}

/** What the doings need of the chat they are done in. */
export interface ChatNow {
  /** Whose chat it is; null while it cannot be said. */
  between(): { persona: Persona; account: Account } | null;
  push(): PushId;
  setPanel(panel: Panel | null): void;
  /** Something was sent: show the end. */
  sent(): void;
}

export function createDoings(key: number, actions: Actions, now: ChatNow): Doings {
  const { chats } = actions;
  const open = (url: string) => {
    if (/^https?:\/\//i.test(url)) actions.changePhone(key, { tab: 'browser', url });
  };
  return {
    async say(values, type = 'text') {
      const between = now.between();
      if (!between) return false;
      now.sent();
      return chats.send(between.persona.id, between.account.name, composed(type, values, now.push()));
    },
    follow(following) {
      const between = now.between();
      now.setPanel(null);
      if (between) void chats.follow(between.persona.id, between.account.name, following);
    },
    scan(text) {
      const between = now.between();
      const scanned = between && readScan(text, between.account.name);
      now.setPanel(null);
      if (between && scanned) void chats.scan(between.persona.id, scanned);
    },
    tapMenu(button, result) {
      const between = now.between();
      const tap = menuTap(button);
      if (!between) return;
      if (tap.scans && result === undefined) return now.setPanel({ kind: 'result', button });
      now.setPanel(null);
      if (tap.say) actions.tell(tap.say);
      const seen = result === undefined ? {} : { ScanCodeInfo: { ScanType: 'qrcode', ScanResult: result } };
      if (tap.event) void chats.push(between.persona.id, between.account.name, { ...tap.event, ...seen });
      if (tap.url) open(tap.url);
      if (tap.mini) actions.openMini(key, tap.mini.appid, tap.mini.page, FROM_MENU);
    },
    open,
  };
}
