import { el } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import { avatar } from '../avatar';
import { api } from '../model/api';
import type { Account, Persona, World } from '../model/types';
import { codeButtons } from './codes';

const KIND: Record<Account['kind'], string> = { official: '公众号', mini: '小程序', website: '网站应用' };
const SEX = ['未知', '男', '女'] as const;

/** Who this person is to each account: openid, unionid, following, and codes to try things with. */
export function me(key: number, persona: Persona, world: World, actions: Actions): HTMLElement[] {
  const place = [persona.country, persona.province, persona.city].filter(Boolean).join(' ');
  return [
    el(
      'div',
      { class: 'identity' },
      avatar(persona, 'large'),
      el(
        'div',
        {},
        el('p', { class: 'nickname' }, persona.nickname),
        el('p', { class: 'muted' }, `人物 ${persona.id}`),
      ),
    ),
    el(
      'dl',
      { class: 'facts' },
      fact('性别', SEX[persona.sex] ?? '未知'),
      fact('地区', place || '未填'),
      fact('手机号', persona.phone ?? '未填'),
      ...Object.entries(persona.unionids).map(([group, unionid]) =>
        fact(`unionid · ${group}`, el('code', {}, unionid)),
      ),
    ),
    ...world.accounts.map(({ account }) => accountCard(key, persona, account, actions)),
  ];
}

function accountCard(key: number, persona: Persona, account: Account, actions: Actions): HTMLElement {
  const following = account.name in persona.follows;
  return el(
    'section',
    { class: 'account' },
    el('h3', {}, account.title, el('small', {}, `${KIND[account.kind]} · ${account.name}`)),
    el(
      'p',
      {},
      el('span', { class: 'muted' }, 'openid '),
      el('code', { class: 'openid' }, persona.openids[account.name] ?? ''),
    ),
    account.kind === 'official' &&
      el(
        'button',
        {
          id: `follow-${key}-${account.name}`,
          type: 'button',
          class: 'small',
          onclick: () => void actions.attempt(() => api.follow(persona.id, account.name, !following)),
        },
        following ? '已关注 · 取消关注' : '关注',
      ),
    codeButtons(key, persona.id, account, actions),
  );
}

function fact(label: string, value: string | HTMLElement): HTMLElement {
  return el('div', {}, el('dt', {}, label), el('dd', {}, value));
}
