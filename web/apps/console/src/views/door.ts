import { type Child, el } from '@weiqiao/page/dom';

/** What stands in front of the console: one card with our name above it. */
export function door(title: string, lead: Child[] | string, ...content: Child[]): HTMLElement {
  return el(
    'main',
    { class: 'door' },
    el(
      'div',
      { class: 'brand' },
      el('span', { class: 'mark', 'aria-hidden': 'true' }, '桥'),
      el('div', {}, el('strong', {}, '微桥'), el('span', { class: 'muted' }, '控制台')),
    ),
    el(
      'section',
      { class: 'card' },
      el('h1', {}, title),
      el('p', { class: 'muted' }, ...[lead].flat()),
      ...content,
    ),
  );
}
