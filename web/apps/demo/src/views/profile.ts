import type { UserInfo } from '@weiqiao/browser';
import { type Child, el } from '@weiqiao/page/dom';
import { mask } from '@weiqiao/page/format';

const SEX = ['未知', '男', '女'] as const;

/** The profile as WeChat gave it. Every value goes in as text; a picture that does not load becomes a letter. */
export function profile(user: UserInfo, revealed: boolean, reveal: () => void): HTMLElement {
  const place = [user.country, user.province, user.city].filter(Boolean).join(' ');
  const shown = (value: string) => (revealed ? value : mask(value));
  return el(
    'div',
    { class: 'profile' },
    el(
      'div',
      { class: 'who' },
      avatar(user),
      el(
        'div',
        { class: 'who-name' },
        el('p', { id: 'nickname', class: 'nickname' }, user.nickname || '（仅 openid，没有昵称）'),
        el(
          'p',
          { class: 'muted' },
          user.is_snapshotuser ? '快照页的虚拟账号，不是真实用户' : place || '地区未公开',
        ),
      ),
    ),
    el(
      'dl',
      { class: 'facts' },
      fact('openid', el('code', { id: 'openid' }, shown(user.openid))),
      user.unionid ? fact('unionid', el('code', {}, shown(user.unionid))) : null,
      fact('性别', SEX[user.sex] ?? '未知'),
      fact('语言', user.language || '未公开'),
      user.privilege.length > 0 ? fact('特权', user.privilege.join('、')) : null,
    ),
    el(
      'button',
      { id: 'reveal', type: 'button', class: 'small', 'aria-pressed': String(revealed), onclick: reveal },
      revealed ? '隐藏完整 openid' : '显示完整 openid',
    ),
  );
}

function fact(label: string, value: Child): HTMLElement {
  return el('div', {}, el('dt', {}, label), el('dd', {}, value));
}

function avatar(user: UserInfo): HTMLElement {
  const letter = el('span', { class: 'avatar letter', 'aria-hidden': 'true' }, [...user.nickname][0] ?? '?');
  if (!/^https?:\/\//i.test(user.headimgurl)) return letter;
  const image = el('img', {
    class: 'avatar',
    alt: '头像',
    width: 64,
    height: 64,
    referrerpolicy: 'no-referrer',
    src: user.headimgurl,
  });
  image.addEventListener('error', () => image.replaceWith(letter));
  return image;
}
