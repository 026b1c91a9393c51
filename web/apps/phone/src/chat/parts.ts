import { el } from '@weiqiao/page/dom';
import type { Piece } from '../model/chat/rich-text';

/** What a chat can do when something in it is tapped. */
export interface Taps {
  /** Shows everything about an item of the timeline. */
  inspect(itemId: string): void;
  /** Opens a page in the phone's browser. */
  open(url: string): void;
  /** Opens a page of a mini program; without appid one of the account the chat is with. */
  openMini(appid: string | null, page: string): void;
  /** Sends an answer the account has offered. */
  answer(text: string, menuId: string): void;
}

/** An account's picture: the first letter of its name. */
export function accountAvatar(title: string): HTMLElement {
  return el('span', { class: 'avatar chat-avatar letter', 'aria-hidden': 'true' }, [...title][0] ?? '?');
}

/** A kept file, an image say, as the emulator serves it. */
export const fileUrl = (mediaId: string): string => `/mmbiz/${encodeURIComponent(mediaId)}/0`;

/** A field of a message's content as text. */
export function field(content: Record<string, unknown>, name: string): string {
  const value = content[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A button that does not also tap the bubble it is in. */
export function inner(label: string | Node, className: string, tap: () => void): HTMLButtonElement {
  const button = el('button', { type: 'button', class: className }, label);
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    tap();
  });
  return button;
}

/** Text with the links an account may put into it. */
export function pieces(parts: readonly Piece[], taps: Taps): (HTMLElement | string)[] {
  return parts.map((piece) => {
    if ('href' in piece) return inner(piece.text, 'in-text', () => taps.open(piece.href));
    if ('send' in piece) return inner(piece.text, 'in-text', () => taps.answer(piece.send, piece.menuId));
    return piece.text;
  });
}

/** A picture, or words in its place when it cannot be loaded. */
export function picture(src: string, label: string): HTMLElement {
  const missing = el('span', { class: 'picture missing' }, label);
  if (!src) return missing;
  const image = el('img', {
    class: 'picture',
    src,
    alt: label,
    loading: 'lazy',
    referrerpolicy: 'no-referrer',
  });
  image.addEventListener('error', () => image.replaceWith(missing));
  return image;
}
