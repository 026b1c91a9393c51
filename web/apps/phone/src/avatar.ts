import { el } from '@weiqiao/page/dom';
import type { Persona } from './model/types';

/** A persona's picture, or the first letter of the name when it does not load. */
export function avatar(persona: Persona, size: 'large' | 'normal' = 'normal'): HTMLElement {
  const classes = size === 'large' ? 'avatar' : 'avatar normal';
  const letter = el(
    'span',
    { class: `${classes} letter`, 'aria-hidden': 'true' },
    [...persona.nickname][0] ?? '?',
  );
  if (!persona.picture) return letter;
  const image = el('img', { class: classes, alt: '', src: persona.picture, referrerpolicy: 'no-referrer' });
  image.addEventListener('error', () => image.replaceWith(letter));
  return image;
}
