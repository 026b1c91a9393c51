import { el } from '@weiqiao/page/dom';
import type { Call } from '../model/journal';
import type { Step, StepStatus } from '../model/steps';
import { cardTitle } from './card-title';

const STATUS: Record<StepStatus, string> = {
  waiting: '未开始',
  running: '进行中',
  done: '完成',
  failed: '未通过',
};

/** The login as a line of steps: what happens, what was asked, what came back, what is kept. */
export function stepsCard(steps: Step[]): HTMLElement[] {
  const done = steps.filter((step) => step.status === 'done').length;
  return [
    cardTitle('过程', 'What happens', el('span', { class: 'muted' }, `${done} / ${steps.length}`)),
    el('ol', { class: 'steps' }, ...steps.map(stepItem)),
  ];
}

function stepItem(step: Step, index: number): HTMLElement {
  return el(
    'li',
    { class: `step ${step.status}`, id: `step-${step.id}`, 'data-status': step.status },
    el(
      'span',
      { class: 'mark', 'aria-hidden': 'true' },
      step.status === 'done' ? '✓' : step.status === 'failed' ? '!' : String(index + 1),
    ),
    el(
      'div',
      { class: 'step-body' },
      el(
        'h3',
        {},
        step.title,
        el('small', { lang: 'en' }, step.english),
        el('span', { class: 'step-status' }, STATUS[step.status]),
      ),
      el('p', {}, step.explanation),
      step.facts.length > 0 &&
        el(
          'dl',
          { class: 'facts' },
          ...step.facts.map(([label, value]) =>
            el('div', {}, el('dt', {}, label), el('dd', {}, el('code', {}, value))),
          ),
        ),
      step.call && callDetails(step.id, step.call),
    ),
  );
}

function callDetails(id: string, call: Call): HTMLElement {
  return el(
    'details',
    { id: `call-${id}` },
    el(
      'summary',
      {},
      el('code', { class: 'method' }, call.method),
      el('code', { class: 'path' }, call.path),
      el(
        'span',
        { class: call.status === 200 ? 'pill green' : 'pill red' },
        call.status === 0 ? '无回答' : String(call.status),
      ),
      el('span', { class: 'muted' }, `${call.durationMs} ms`),
    ),
    call.request !== undefined &&
      el('div', {}, el('h4', {}, '请求'), el('pre', {}, JSON.stringify(call.request, null, 2))),
    call.response !== undefined &&
      el('div', {}, el('h4', {}, '回答'), el('pre', {}, JSON.stringify(call.response, null, 2))),
    call.requestId && el('p', { class: 'muted' }, '请求编号 ', el('code', {}, call.requestId)),
  );
}
