import { el } from '@weiqiao/page/dom';
import { describeLife } from '../model/time';
import type { AccountState } from '../model/types';

/** The access tokens alive, by account: after a theft the generation goes up. */
export function tokenList(accounts: AccountState[]): HTMLElement[] {
  const withTokens = accounts.filter(({ account }) => account.kind !== 'website');
  return [
    el('h2', {}, '当前 token', el('small', {}, 'Access tokens')),
    el(
      'dl',
      { class: 'facts' },
      ...withTokens.map(({ account, tokens }) =>
        el(
          'div',
          {},
          el('dt', {}, account.title),
          el('dd', {}, tokens.map(describe).join('；') || '还没有人获取过'),
        ),
      ),
    ),
  ];
}

function describe(token: AccountState['tokens'][number]): string {
  const line = token.line === 'stable' ? '稳定版' : '普通版';
  const overlap = token.status === 'overlap' ? '（已被替换，重叠期内）' : '';
  return `${line}第 ${token.generation} 代${overlap}，剩余 ${describeLife(token.remaining_s)}`;
}
