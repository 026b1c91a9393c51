import { el, show } from '@weiqiao/page/dom';
import type { LoginWay } from '../../../model/crm/client';
import { showMoment } from '../../../model/time';
import type { Page } from '../../page';
import { bySession, loginCard, run, section, shortId } from '../parts';

/** Who the service takes this person for, and both ways to log in. */
export const minePage: Page = (context) => {
  const { crm, wx, id } = context;
  const body = el('div', { class: 'crm-stack' });
  const place = el('div');
  const again = (name: string, label: string, way: LoginWay) => {
    const button = el('button', { id: id(name), type: 'button' }, label);
    button.addEventListener(
      'click',
      () =>
        void run(button, place, id(`${name}-retry`), async () => {
          await crm.login(way);
          await wx.showToast({ title: '换了新的会话' });
          await draw();
        }),
    );
    return button;
  };
  const draw = bySession(
    context,
    (session) => {
      if (!session)
        return show(
          body,
          loginCard(context, '还没有登录。', () => void draw()),
        );
      const out = el('button', { id: id('logout'), type: 'button', class: 'crm-link' }, '退出登录');
      out.addEventListener(
        'click',
        () =>
          void run(out, place, id('logout-retry'), async () => {
            await crm.logout();
            await draw();
          }),
      );
      show(
        body,
        el(
          'header',
          { class: 'crm-me' },
          el('span', { class: 'crm-portrait blue normal', 'aria-hidden': 'true' }, '我'),
          el(
            'span',
            {},
            el('strong', {}, '微信用户'),
            el('code', { id: id('openid') }, shortId(session.openid)),
          ),
        ),
        section(
          '会话',
          el(
            'dl',
            { class: 'facts tall' },
            el('div', {}, el('dt', {}, 'openid'), el('dd', {}, el('code', {}, session.openid))),
            el('div', {}, el('dt', {}, '有效到'), el('dd', {}, showMoment(session.expires_at * 1000))),
          ),
          el('p', { class: 'muted' }, '过期或被撤销时，下一次请求会自动重新 wx.login，您不会察觉。'),
        ),
        section(
          '两种登录接口',
          el(
            'p',
            { class: 'muted' },
            '前一个返回 openid 和 token；后一个只返回 token，再用 GET /api/me 问自己是谁。',
          ),
          el(
            'div',
            { class: 'crm-ways' },
            again('relogin', '/api/wechat/openid', 'openid'),
            again('relogin-token', '/auth/wechat/mini', 'token'),
          ),
          place,
        ),
        out,
      );
    },
    'token',
  );
  void draw();
  return { element: el('div', { class: 'crm-page' }, body), refresh: () => void draw() };
};
