import { el } from '@weiqiao/page/dom';
import { prettyBody } from '../model/chat/pretty';
import { explainError, seconds } from '../model/chat/progress';
import type { Attempt, SignatureSteps } from '../model/chat/types';

/** One attempt: what was sent, how it was signed, what came back. */
export function attemptDetails(attempt: Attempt, most: number, id: string): HTMLElement {
  const { error, response } = attempt;
  const copy = attempt.copy > 1 ? ` · 第 ${attempt.copy} 份` : '';
  return el(
    'details',
    { id },
    el(
      'summary',
      {},
      el('strong', {}, `第 ${attempt.n}/${most} 次${copy}`),
      el('span', { class: 'muted' }, seconds(attempt.ms)),
      attempt.status !== undefined && el('span', { class: 'muted' }, `HTTP ${attempt.status}`),
      el('span', { class: `pill ${error ? 'red' : 'green'}` }, error ? explainError(error) : '成功'),
    ),
    el(
      'div',
      {},
      ...(error ? [el('p', { class: 'meaning' }, el('strong', {}, explainError(error)), ` ${error}`)] : []),
      ...block('请求地址', attempt.request.url),
      ...block('请求体（线上原文）', attempt.request.body),
      ...signature(attempt.signature),
      ...(response ? block('服务的回答', prettyBody(response.body) || '（空）') : []),
      ...(response?.inner === undefined ? [] : block('解密后的回复', prettyBody(response.inner))),
    ),
  );
}

export function block(title: string, text: string): HTMLElement[] {
  return [el('h4', {}, title), el('pre', {}, text)];
}

function signature(steps: SignatureSteps): HTMLElement[] {
  const parts = ['Token', 'timestamp', 'nonce', ...(steps.encrypt ? ['Encrypt'] : [])];
  return [
    el('h4', {}, '签名步骤'),
    el(
      'ol',
      { class: 'steps' },
      el('li', {}, `取 ${parts.join('、')}（Token 已遮盖）`),
      el('li', {}, '按字典序排好：', el('pre', {}, steps.sorted.join('\n'))),
      el('li', {}, '首尾相接，计算 SHA-1：', el('code', {}, steps.sha1)),
      el('li', {}, `与地址里的 ${steps.name} 逐字比较，一致才处理`),
    ),
  ];
}
