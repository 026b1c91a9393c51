import { el } from '@weiqiao/page/dom';
import type { Problem } from '../model/explain';

/** 发生了什么 → 为什么 → 下一步, with the words to search for and, where there is something to press, buttons. */
export function problemPanel(
  problem: Problem,
  buttons?: { close: () => void; retry: () => void },
): HTMLElement {
  return el(
    'section',
    { class: 'problem', role: 'alert' },
    el(
      'dl',
      { class: 'problem-text' },
      row('发生了什么', problem.what, 'problem-what'),
      row('为什么', problem.why),
      row('下一步', problem.next, undefined, problem.link),
    ),
    problem.facts.length > 0 &&
      el(
        'dl',
        { class: 'facts' },
        ...problem.facts.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value))),
      ),
    buttons &&
      el(
        'div',
        { class: 'badges' },
        problem.retry &&
          el('button', { id: 'retry', type: 'button', class: 'small', onclick: buttons.retry }, '再试一次'),
        el('button', { id: 'dismiss', type: 'button', class: 'small', onclick: buttons.close }, '知道了'),
      ),
  );
}

function row(label: string, text: string, kind?: string, link?: string): HTMLElement {
  const anchor = link && el('a', { id: 'proper-address', href: link }, link);
  return el('div', {}, el('dt', {}, label), el('dd', { class: kind }, text, anchor));
}
