import { el, show } from '@weiqiao/page/dom';
import { clockTime, localTime } from '@weiqiao/page/format';
import type { Account, Attempt, Me, Overview } from '../model/api';
import { holdText, kindText, partWord, roleText, tokenWord, verdictWord, type Word } from '../model/words';
import { messageBox } from './message';

export interface OverviewOptions {
  me: Me;
  logOut(): void;
  refresh(): void;
}

const pill = (word: Word) => el('span', { class: `pill ${word.tone}` }, word.text);

function tile(id: string, label: string, value: string, note: string, tone = ''): HTMLElement {
  return el(
    'div',
    { id, class: `tile ${tone}` },
    el('h2', {}, label),
    el('p', { class: 'figure' }, value),
    el('p', { class: 'muted' }, note),
  );
}

function tiles(found: Overview): HTMLElement[] {
  const { pending, uncertain, sent_today, failed_today } = found.notifications;
  const figure = (value: number | null) => (value === null ? '—' : String(value));
  const hidden = found.actions_today === null;
  const bad = failed_today + uncertain;
  return [
    tile(
      'tile-actions',
      '今日行为',
      figure(found.actions_today),
      hidden ? '您的角色不能查看客户' : '客户在小程序里做的',
    ),
    tile(
      'tile-leads',
      '新线索',
      figure(found.leads_today),
      hidden ? '您的角色不能查看客户' : '今天留下电话的新客户',
    ),
    tile(
      'tile-pending',
      '待发通知',
      String(pending),
      `今天已送达 ${sent_today} 条`,
      pending > 100 ? 'warn' : '',
    ),
    tile(
      'tile-failed',
      '失败与不确定',
      String(bad),
      bad === 0 ? '没有需要处理的' : `今天失败 ${failed_today} 条，不确定 ${uncertain} 条`,
      bad > 0 ? 'bad' : 'good',
    ),
  ];
}

function account(one: Account): HTMLElement {
  const kind = one.kind === 'mini' ? '小程序' : '公众号';
  const until =
    one.expires_at && one.token === 'good' ? `有效至 ${clockTime(new Date(one.expires_at * 1000))}` : '';
  return el(
    'li',
    { class: 'account' },
    el(
      'div',
      { class: 'row' },
      el('strong', {}, one.name),
      el('span', { class: 'muted' }, kind),
      pill(tokenWord(one.token)),
    ),
    el(
      'p',
      { class: 'muted' },
      [until, one.replaced_outside > 0 ? `凭证被其他程序换过 ${one.replaced_outside} 次` : '']
        .filter(Boolean)
        .join(' · ') || (one.token === 'none' ? '用到时自动获取' : 'access_token'),
    ),
    ...one.holds.map((hold) => el('p', { class: 'trouble' }, holdText(hold))),
    one.hint ? el('p', { class: 'trouble' }, one.hint) : null,
  );
}

function attempt(one: Attempt): HTMLElement {
  const errcode = one.errcode ? `errcode ${one.errcode}` : '';
  return el(
    'tr',
    {},
    el('td', { 'data-label': '时间' }, localTime(one.at)),
    el(
      'td',
      { 'data-label': '任务' },
      kindText(one.kind),
      el('span', { class: 'muted' }, one.account ? ` ${one.account}` : ''),
    ),
    el('td', { 'data-label': '第几次' }, String(one.n)),
    el('td', { 'data-label': '用时' }, one.ms === null ? '—' : `${one.ms} 毫秒`),
    el(
      'td',
      { 'data-label': '结果' },
      pill(verdictWord(one.verdict)),
      errcode ? el('code', {}, ` ${errcode}`) : null,
      one.hint ? el('span', { class: 'muted why' }, one.hint) : null,
    ),
  );
}

/** The first page: how it goes. */
export function overviewView({ me, logOut, refresh }: OverviewOptions) {
  const badge = el('span', { class: 'pill', id: 'environment' });
  badge.hidden = true;
  const updated = el('span', { class: 'muted', id: 'updated' });
  const message = messageBox('overview-message');
  const figures = el('section', { class: 'tiles', 'aria-label': '今天' });
  const accounts = el('ul', { class: 'accounts' });
  const parts = el('dl', { class: 'facts parts' });
  const attempts = el('div', { class: 'attempts' });
  const element = el(
    'div',
    { class: 'console' },
    el(
      'header',
      { class: 'bar' },
      el(
        'div',
        { class: 'brand' },
        el('span', { class: 'mark', 'aria-hidden': 'true' }, '桥'),
        el('strong', {}, '微桥'),
        badge,
      ),
      el(
        'div',
        { class: 'who' },
        el('span', { id: 'who' }, me.name || me.username, el('small', {}, roleText(me.role))),
        el('button', { type: 'button', class: 'small', id: 'logout', onclick: logOut }, '退出'),
      ),
    ),
    el(
      'main',
      {},
      el(
        'div',
        { class: 'card-title' },
        el('h1', { tabindex: -1 }, '概览'),
        el(
          'div',
          { class: 'row' },
          updated,
          el('button', { type: 'button', class: 'small', id: 'refresh', onclick: refresh }, '刷新'),
        ),
      ),
      message.element,
      figures,
      el(
        'div',
        { class: 'columns' },
        el('section', { class: 'card' }, el('h2', {}, '账号与凭证'), accounts),
        el('section', { class: 'card' }, el('h2', {}, '服务'), parts),
      ),
      el('section', { class: 'card' }, el('h2', {}, '最近的尝试'), attempts),
    ),
  );
  const part = (label: string, state: string) =>
    el('div', {}, el('dt', {}, label), el('dd', {}, pill(partWord(state))));
  return {
    element,
    message,
    focus: () => element.querySelector('h1')?.focus(),
    update(found: Overview, now: Date) {
      message.clear();
      badge.hidden = false;
      badge.className = `pill ${found.emulated ? 'amber' : 'green'}`;
      badge.textContent = found.emulated ? '模拟' : '正式';
      updated.textContent = `${clockTime(now)} 更新`;
      show(figures, ...tiles(found));
      show(accounts, ...found.accounts.map(account));
      show(parts, part('微信', found.wechat), part('数据库', found.database), part('Redis', found.cache));
      const heads = ['时间', '任务', '第几次', '用时', '结果'].map((head) =>
        el('th', { scope: 'col' }, head),
      );
      show(
        attempts,
        found.attempts.length === 0
          ? el(
              'p',
              { class: 'muted' },
              '还没有发送过任何消息。客户在小程序里有了动作、顾问订阅了通知之后，这里会出现每一次尝试。',
            )
          : el(
              'table',
              {},
              el('thead', {}, el('tr', {}, ...heads)),
              el('tbody', {}, ...found.attempts.map(attempt)),
            ),
      );
    },
  };
}
