import { el, show } from '@weiqiao/page/dom';
import type { Problem } from '../model/problem';

/** A place for what went wrong. Read aloud when it changes. */
export function messageBox(id: string) {
  const box = el('div', { id, class: 'message', role: 'alert', hidden: true });
  return {
    element: box,
    clear() {
      box.hidden = true;
      show(box);
    },
    tell(title: string, next: string, tone: 'red' | 'amber' | 'green' = 'red', note?: string) {
      box.className = `message ${tone}`;
      show(
        box,
        el('strong', {}, title),
        next ? el('p', {}, next) : null,
        note ? el('p', { class: 'note' }, note) : null,
      );
      box.hidden = false;
    },
    problem(problem: Problem) {
      const tone = problem.trouble === 'offline' || problem.trouble === 'busy' ? 'amber' : 'red';
      this.tell(problem.message, problem.next, tone, problem.requestId && `请求编号 ${problem.requestId}`);
    },
  };
}

export type MessageBox = ReturnType<typeof messageBox>;
