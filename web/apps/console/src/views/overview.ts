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

/** Where the tries are on the page. */
const ATTEMPTS = 'attempts';

const pill = (word: Word) => el('span', { class: `pill ${word.tone}` }, word.text);

/** A figure. One that has a place to look further is a link to it; the others lead nowhere and look like it. */
function tile(
  id: string,
  label: string,
  value: string,
  note: string,
  tone = '',
  place?: string,
): HTMLElement {
  const figure = place
    ? el('a', { href: `#${place}`, id: `${id}-look`, 'aria-label': `${label} ${value}，看最近的尝试` }, value)
    : value;
  return el(
    'div',
    { id, class: `tile ${tone}` },
    el('h2', {}, label),
    el('p', { class: 'figure' }, figure),
    el('p', { class: 'muted' }, note),
  );
}

function tiles(found: Overview): HTMLElement[] {
  const { pending, uncertain, sent_today, failed_today } = found.notifications;
  const figure = (value: number | null) => (value === null ? '—' : String(value));
  const hidden = found.actions_today === null;
  const bad = failed_today + uncertain;
  // Only what was tried can be looked at here.
  const tries = (count: number) => (count > 0 && found.attempts.length > 0 ? ATTEMPTS : undefined);
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
      tries(pending),
    ),
    tile(
      'tile-failed',
      '失败与不确定',
      String(bad),
      bad === 0 ? '没有需要处理的' : `今天失败 ${failed_today} 条，不确定 ${uncertain} 条`,
      bad > 0 ? 'bad' : 'good',
      tries(bad),
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

/** One try on a line at a desk, on three short ones on a phone. */
function attempt(one: Attempt): HTMLElement {
  const errcode = one.errcode ? `errcode ${one.errcode}` : '';
  return el(
    'li',
    { class: 'attempt' },
    el(
      'span',
      { class: 'what' },
      kindText(one.kind),
      one.account ? el('span', { class: 'muted' }, ` ${one.account}`) : null,
    ),
    pill(verdictWord(one.verdict)),
    el(
      'span',
      { class: 'muted when' },
      [localTime(one.at), `第 ${one.n} 次`, one.ms === null ? '' : `${one.ms} 毫秒`]
        .filter(Boolean)
        .join(' · '),
    ),
    errcode || one.hint
      ? el('span', { class: 'muted why' }, errcode ? el('code', {}, `${errcode} `) : null, one.hint)
      : null,
  );
}

/** What the console cannot do yet, and where it can be done. */
function elsewhere(): HTMLElement {
  return el(
    'p',
    { class: 'muted', id: 'elsewhere' },
    '控制台目前只有这一页概览。客户与线索、通知、消息、菜单、员工、审计，现在请用 ',
    el('a', { href: '/docs' }, '/api/admin 接口（接口文档）'),
    ' 或服务器上的 ',
    el('code', {}, 'weiqiao --help'),
    '。',
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
  const attempts = el('div');
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
      el(
        'section',
        { class: 'card', 'aria-labelledby': ATTEMPTS },
        el('h2', { id: ATTEMPTS, tabindex: -1 }, '最近的尝试'),
        attempts,
      ),
      elsewhere(),
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
      show(
        attempts,
        found.attempts.length === 0
          ? el(
              'p',
              { class: 'muted' },
              '还没有发送过任何消息。客户在小程序里有了动作、顾问订阅了通知之后，这里会出现每一次尝试。',
            )
          : el('ol', { class: 'attempts' }, ...found.attempts.map(attempt)),
      );
    },
  };
}
