import { el } from '@weiqiao/page/dom';
import { explainEntry, maskQuery, prettyBody, tokenText, verdict } from '../model/ledger';
import { showTime } from '../model/time';
import type { ErrcodeEntry, LedgerEntry } from '../model/types';

/** One call: a line, and everything about it on request. */
export function ledgerRow(entry: LedgerEntry, errcodes: Record<string, ErrcodeEntry>): HTMLElement {
  const { text, tone } = verdict(entry);
  const meaning = explainEntry(entry, errcodes);
  return el(
    'li',
    { 'data-call': entry.id },
    el(
      'details',
      { id: `call-${entry.id}` },
      el(
        'summary',
        {},
        el('time', { class: 'muted' }, showTime(entry.at_ms)),
        el('code', { class: 'method' }, entry.method),
        el('code', { class: 'path' }, entry.path),
        el('span', { class: 'muted why' }, meaning?.meaning),
        entry.account && el('span', { class: 'muted' }, entry.account),
        entry.token &&
          entry.token.status !== 'current' &&
          el('span', { class: 'pill amber' }, 'token 不是最新'),
        el('span', { class: `pill ${tone}` }, text),
      ),
      ...(meaning ? [el('p', { class: 'meaning' }, el('strong', {}, meaning.meaning), meaning.next)] : []),
      el('dl', { class: 'facts' }, ...facts(entry)),
      el('h4', {}, '参数'),
      el(
        'pre',
        {},
        maskQuery(entry.query)
          .map(([key, value]) => `${key} = ${value}`)
          .join('\n') || '（无）',
      ),
      ...(entry.body ? [el('h4', {}, '请求体'), el('pre', {}, prettyBody(entry.body))] : []),
      el('h4', {}, '回答'),
      el('pre', {}, prettyBody(entry.answer) || '（没有内容）'),
    ),
  );
}

function facts(entry: LedgerEntry): HTMLElement[] {
  const rows: [string, string][] = [
    ['rid', entry.rid],
    ['HTTP', entry.status === 0 ? '没有回答' : String(entry.status)],
    ['用时', `${entry.took_ms} ms`],
    ...(entry.token ? [['token', tokenText(entry.token)] as [string, string]] : []),
    ...(entry.fault === null
      ? []
      : [
          ['故障', `#${entry.fault}，${entry.delivered ? '已处理之后才失败' : '没有处理'}`] as [
            string,
            string,
          ],
        ]),
    ['来自', [entry.remote, entry.user_agent].filter(Boolean).join(' · ') || '未知'],
  ];
  return rows.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value)));
}
