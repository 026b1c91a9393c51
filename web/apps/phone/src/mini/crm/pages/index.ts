import { el, show } from '@weiqiao/page/dom';
import { ADVISORS, type Advisor } from '../../../model/crm/advisors';
import { pageUrl } from '../../../model/mini/wx';
import type { Page, PageContext } from '../../page';
import { bySession, loginCard, portrait, shortId } from '../parts';

/** The advisors, and the login for those who are new here. */
export const indexPage: Page = (context) => {
  const welcome = el('div', { class: 'crm-welcome' });
  const draw = bySession(context, (session) => {
    show(
      welcome,
      session
        ? el('p', { class: 'crm-signed' }, el('span', {}, '已登录'), el('code', {}, shortId(session.openid)))
        : loginCard(context, '登录后，顾问会知道是谁看了简历。不弹窗、不用密码。', () => void draw()),
    );
  });
  void draw();
  return {
    element: el(
      'div',
      { class: 'crm-page' },
      el(
        'header',
        { class: 'crm-hero' },
        el('p', { class: 'crm-hello' }, '有事，找一位懂行的人'),
        el('p', {}, '留学、职业、家庭教育，都有人懂'),
      ),
      welcome,
      el('div', { class: 'crm-list' }, ...ADVISORS.map((advisor) => advisorCard(context, advisor))),
      el('p', { class: 'crm-foot' }, '演示数据 · 顾问与经历均为虚构'),
    ),
    refresh: () => void draw(),
  };
};

function advisorCard({ wx, id }: PageContext, advisor: Advisor): HTMLElement {
  return el(
    'button',
    {
      id: id(`open-${advisor.id}`),
      type: 'button',
      class: 'crm-advisor',
      onclick: () => void wx.navigateTo({ url: pageUrl('pages/resume/resume', { id: advisor.id }) }),
    },
    portrait(advisor),
    el(
      'span',
      { class: 'crm-advisor-text' },
      el('strong', {}, advisor.name, el('small', {}, advisor.city)),
      el('span', { class: 'muted' }, advisor.title),
      el('span', { class: 'crm-tags' }, ...advisor.skills.slice(0, 2).map((skill) => el('span', {}, skill))),
    ),
    el('span', { class: 'crm-praise' }, el('strong', {}, advisor.praise), '好评'),
  );
}
