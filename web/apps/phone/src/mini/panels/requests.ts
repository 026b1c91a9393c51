import { copyButton } from '@weiqiao/page/copy-button';
import { el } from '@weiqiao/page/dom';
import { clockTime } from '@weiqiao/page/format';
import { prettyBody } from '../../model/chat/pretty';
import { type Explained, explain } from '../../model/mini/explain';
import { asCurl } from '../../model/mini/request-log';
import type { RequestRecord } from '../../model/mini/send-request';

/** Every `wx.request`, newest first; what failed is explained. */
export function requestsPanel(
  key: number,
  log: readonly RequestRecord[],
  service: string | null,
  clear: () => void,
): HTMLElement[] {
  return [
    el(
      'div',
      { class: 'panel-head' },
      el(
        'p',
        { class: 'muted' },
        service ? `wx.request → ${service.replace(/\/+$/, '')}` : '还不知道服务在哪里',
      ),
      log.length > 0 &&
        el('button', { id: `requests-clear-${key}`, type: 'button', class: 'small', onclick: clear }, '清空'),
    ),
    log.length === 0
      ? el('p', { class: 'empty' }, '还没有请求。在小程序里点点看。')
      : el('ol', { class: 'mini-requests' }, ...log.map((record) => el('li', {}, row(key, record, service)))),
  ];
}

function row(key: number, record: RequestRecord, service: string | null): HTMLElement {
  const { id, method, path, status, ms, running, failure } = record;
  const explained = running ? null : explain({ status, failure, data: parse(record.received), service });
  const tone = running ? 'amber' : explained ? 'red' : 'green';
  return el(
    'details',
    { id: `request-${key}-${id}` },
    el(
      'summary',
      {},
      el('code', { class: 'method' }, method),
      el('code', { class: 'path' }, path),
      el('span', { class: `pill ${tone}` }, running ? '…' : status === 0 ? '没有回答' : String(status)),
      el('span', { class: 'muted' }, running ? '' : `${ms} ms`),
    ),
    el(
      'div',
      {},
      explained && meaning(explained),
      el(
        'p',
        { class: 'muted' },
        [clockTime(new Date(record.at)), record.requestId && `请求号 ${record.requestId}`]
          .filter(Boolean)
          .join(' · '),
      ),
      ...block(
        '请求头',
        Object.entries(record.header)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n'),
      ),
      ...block('请求体', prettyBody(record.sent)),
      ...block('回答', prettyBody(record.received)),
      copyButton(`curl-${key}-${id}`, '复制为 curl', () => asCurl(record)),
    ),
  );
}

function meaning({ title, why, next, facts }: Explained): HTMLElement {
  return el(
    'div',
    { class: 'meaning' },
    el('strong', {}, title),
    el('p', {}, why),
    el('p', {}, `下一步：${next}`),
    facts.length > 0 &&
      el('p', { class: 'muted' }, facts.map(([name, value]) => `${name} = ${value}`).join('，')),
  );
}

const block = (title: string, text: string): HTMLElement[] =>
  text === '' ? [] : [el('h4', {}, title), el('pre', {}, text)];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
