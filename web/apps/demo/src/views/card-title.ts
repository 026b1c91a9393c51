import { type Child, el } from '@weiqiao/page/dom';

/** A card's heading: Chinese, the English word beside it, and what stands at the right edge. */
export function cardTitle(title: string, english: string, ...end: Child[]): HTMLElement {
  return el(
    'div',
    { class: 'card-title' },
    el('h2', {}, title, el('small', { lang: 'en' }, english)),
    ...end,
  );
}
