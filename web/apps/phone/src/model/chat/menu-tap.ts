import type { MenuButton } from './types';

/** What a tap on a menu button does besides pushing its event. */
export interface MenuTap {
  /** The event to push; null: WeChat pushes none for this kind of button. */
  event: { event: string; EventKey: string } | null;
  /** Needs something scanned first. */
  scans: boolean;
  /** A page to open. */
  url: string | null;
  /** A page of a mini program to open. */
  mini: { appid: string; page: string } | null;
  /** What to tell the person. */
  say: string | null;
}

export function menuTap(button: MenuButton): MenuTap {
  const { type = '', event, event_key: EventKey = '' } = button;
  const tap: MenuTap = {
    event: event ? { event, EventKey } : null,
    scans: type.startsWith('scancode_'),
    url: type === 'view' ? (button.url ?? null) : null,
    mini: null,
    say: null,
  };
  if (type === 'miniprogram')
    return { ...tap, mini: { appid: button.appid ?? '', page: button.pagepath ?? '' } };
  if (!event) return { ...tap, say: '微信会直接下发这个素材，不推送事件。' };
  return tap;
}
