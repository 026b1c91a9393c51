import { el } from '@weiqiao/page/dom';
import { richText } from '../model/chat/rich-text';
import { field, inner, pieces, type Taps } from './parts';

/** A question with answers to tap; the answer is sent as the person's own message. */
export function menuCard(content: Record<string, unknown>, taps: Taps): HTMLElement {
  const answers = (Array.isArray(content.list) ? content.list : []) as Record<string, unknown>[];
  return el(
    'div',
    { class: 'msgmenu' },
    el('div', { class: 'words' }, ...pieces(richText(field(content, 'head_content')), taps)),
    ...answers.map((answer) =>
      inner(field(answer, 'content'), 'in-text', () =>
        taps.answer(field(answer, 'content'), field(answer, 'id')),
      ),
    ),
    el('div', { class: 'words' }, ...pieces(richText(field(content, 'tail_content')), taps)),
  );
}
