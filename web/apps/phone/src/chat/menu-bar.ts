import { el } from '@weiqiao/page/dom';
import type { MenuButton, SeenMenu } from '../model/chat/types';

/** The account's menu as this person sees it; buttons with a list open it upwards. `tap` gets the button chosen. */
export function menuBar(
  key: number,
  menu: SeenMenu,
  open: number | null,
  toggle: (index: number) => void,
  tap: (button: MenuButton) => void,
): HTMLElement[] {
  return menu.buttons.map((button, index) => {
    const id = `menu-${key}-${index}`;
    if (button.sub_button.length === 0) return el('div', { class: 'menu-slot' }, leaf(button, id, tap));
    const shown = open === index;
    return el(
      'div',
      { class: 'menu-slot' },
      el(
        'button',
        {
          id,
          type: 'button',
          'aria-expanded': String(shown),
          'aria-haspopup': 'true',
          onclick: () => toggle(index),
        },
        el('span', { 'aria-hidden': 'true' }, '≡ '),
        button.name,
      ),
      shown &&
        el(
          'div',
          { class: 'menu-list', role: 'group', 'aria-label': button.name },
          ...button.sub_button.map((sub, at) => leaf(sub, `${id}-${at}`, tap)),
        ),
    );
  });
}

function leaf(button: MenuButton, id: string, tap: (button: MenuButton) => void): HTMLElement {
  return el(
    'button',
    { id, type: 'button', 'data-type': button.type, title: button.type, onclick: () => tap(button) },
    button.name,
  );
}
