import { el, show } from '@weiqiao/page/dom';
import { type Advisor, advisorOf } from '../../../model/crm/advisors';
import { toldOfVisit } from '../../../model/crm/told';
import { pageUrl } from '../../../model/mini/wx';
import type { MountedPage, Page, PageContext } from '../../page';
import { bySession, done, loginCard, portrait, run, section } from '../parts';
import { notFound } from './lost';

/** An advisor's résumé. Looking at it is told to the service once per visit. */
export const resumePage: Page = (context) => {
  const advisor = advisorOf(context.query.id);
  return advisor ? resume(context, advisor) : notFound(`顾问 ${context.query.id ?? ''}`)(context);
};

function resume(context: PageContext, advisor: Advisor): MountedPage {
  const { wx, crm, id } = context;
  void wx.setNavigationBarTitle({ title: `${advisor.name}的简历` });
  const told = el('div', { class: 'crm-told', 'aria-live': 'polite' });
  // One visit is one action, however often it is tried.
  const key = crypto.randomUUID();
  let visited = false;
  const visit = bySession(context, async (session) => {
    if (visited) return;
    if (!session) {
      show(
        told,
        loginCard(context, `登录后，${advisor.name}会知道您来过。`, () => void visit()),
      );
      return;
    }
    visited = true;
    await run(null, told, id('visit-retry'), async () => {
      const acted = await crm.act({ advisorId: advisor.id, type: 'view_resume', key });
      const { title, text } = toldOfVisit(acted, advisor.name);
      show(told, done(title, text));
    });
  });
  void visit();
  const open = (type: string) => () =>
    void wx.navigateTo({ url: pageUrl('pages/contact/contact', { id: advisor.id, type }) });
  const button = (type: string, name: string, label: string) =>
    el(
      'button',
      {
        id: id(name),
        type: 'button',
        class: type === 'book_service' ? 'primary' : undefined,
        onclick: open(type),
      },
      label,
    );
  return {
    element: el(
      'div',
      { class: 'crm-page crm-with-bar' },
      el(
        'header',
        { class: `crm-head ${advisor.tone}` },
        portrait(advisor, 'large'),
        el('h3', {}, advisor.name),
        el('p', {}, `${advisor.title} · ${advisor.city}`),
        el(
          'dl',
          { class: 'crm-figures' },
          figure(`${advisor.years} 年`, '从业'),
          figure(String(advisor.clients), '服务客户'),
          figure(advisor.praise, '好评'),
        ),
      ),
      told,
      section('关于我', el('p', {}, advisor.about)),
      section(
        '擅长',
        el('p', { class: 'crm-tags' }, ...advisor.skills.map((skill) => el('span', {}, skill))),
      ),
      section(
        '经历',
        el(
          'ol',
          { class: 'crm-career' },
          ...advisor.career.map(({ when, what, where }) =>
            el('li', {}, el('span', { class: 'muted' }, when), el('strong', {}, what), el('span', {}, where)),
          ),
        ),
      ),
      section(
        '客户说',
        el(
          'blockquote',
          { class: 'crm-review' },
          el('p', {}, advisor.review.text),
          el('footer', { class: 'muted' }, advisor.review.who),
        ),
      ),
      el(
        'div',
        { class: 'crm-bar' },
        button('contact_advisor', 'contact', '联系顾问'),
        button('book_service', 'book', '预约服务'),
      ),
    ),
    refresh: () => void visit(),
  };
}

function figure(value: string, label: string): HTMLElement {
  return el('div', {}, el('dd', {}, value), el('dt', {}, label));
}
