import { el, show } from '@weiqiao/page/dom';
import type { Lead } from '../../../model/crm/lead';
import { sceneName } from '../../../model/mini/scenes';
import { showMoment } from '../../../model/time';
import type { Page, PageContext } from '../../page';
import { run, section } from '../parts';

const STAFF_ONLY = '客户的姓名和电话只给员工看。演示环境的用户名和密码印在启动时的终端里。';

/** Where a notification leads: the customer it is about. What staff know of them takes a login of staff. */
export const customerPage: Page = (context) => {
  const { staff, wx, id, query } = context;
  const customer = query.id ?? '';
  const body = el('div', { class: 'crm-stack', 'aria-live': 'polite' });
  const place = el('div');
  const look = async () => {
    const lead = await staff.lead(customer);
    show(
      body,
      lead
        ? leadCard(context, lead)
        : section('还没有档案', el('p', {}, '这位客户没有留下手机号，服务只记下了行为。')),
    );
  };
  const signIn = () => {
    const name = el('input', {
      id: id('staff-name'),
      name: 'username',
      autocomplete: 'username',
      'aria-label': '用户名',
      placeholder: '用户名',
    });
    const word = el('input', {
      id: id('staff-word'),
      name: 'password',
      type: 'password',
      autocomplete: 'current-password',
      'aria-label': '密码',
      placeholder: '密码',
    });
    const submit = el(
      'button',
      { id: id('staff-login'), type: 'submit', class: 'primary crm-wide' },
      '登录并查看',
    );
    const form = el('form', { class: 'crm-form', novalidate: true }, name, word, submit, place);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const empty = name.value.trim() === '' ? name : word.value === '' ? word : null;
      if (empty) {
        show(place, hint(empty === name ? '请填写用户名。' : '请填写密码。'));
        empty.focus();
        return;
      }
      void run(submit, place, id('staff-retry'), async () => {
        await staff.login(name.value, word.value);
        await look();
      });
    });
    return section('员工登录', el('p', { class: 'muted' }, STAFF_ONLY), form);
  };
  const draw = async () => {
    if (!(await staff.signedIn())) return show(body, signIn());
    await run(null, body, id('lead-retry'), look);
    if (!(await staff.signedIn())) body.append(signIn());
  };
  void draw();
  const { scene } = wx.getLaunchOptionsSync();
  return {
    element: el(
      'div',
      { class: 'crm-page' },
      el(
        'header',
        { class: 'crm-ticket' },
        el('p', {}, '客户'),
        el('code', { id: id('customer') }, customer || '（没有 id）'),
        el('p', { class: 'muted' }, `打开方式 ${sceneName(scene)}`),
      ),
      body,
    ),
  };
};

function leadCard(context: PageContext, lead: Lead): HTMLElement {
  const { staff, id } = context;
  const place = el('div');
  const who = el('div', { class: 'crm-stack' });
  const facts: [string, string][] = [
    ['编号', lead.customer_id],
    ['等级', lead.lead_level],
    ['合同', lead.contract_status],
    ['归属', lead.assigned_to ?? '公海'],
    ['来源', lead.lead_source],
    ['备注', lead.remarks],
    ['建档', showMoment(lead.created_at * 1000)],
  ];
  const reason = el('input', {
    id: id('reason'),
    'aria-label': '为什么要看',
    placeholder: '为什么要看，如：客户要求回电',
    autocomplete: 'off',
  });
  const reveal = el('button', { id: id('reveal'), type: 'submit' }, '查看姓名和电话');
  const form = el('form', { class: 'crm-form' }, reason, reveal, place);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (reason.value.trim() === '') {
      show(place, hint('请先写明为什么要看：理由会写进审计记录。'));
      reason.focus();
      return;
    }
    void run(reveal, place, id('reveal-retry'), async () => {
      const { name, phone } = await staff.reveal(lead.id, reason.value.trim());
      show(who, whoIs(name, phone), el('p', { class: 'muted' }, '这次查看和理由已写进服务的审计记录。'));
    });
  });
  show(who, whoIs(lead.name, lead.phone), form);
  return el(
    'section',
    { class: 'crm-card' },
    who,
    el(
      'dl',
      { class: 'facts' },
      ...facts.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value))),
    ),
  );
}

const whoIs = (name: string, phone: string): HTMLElement =>
  el('p', { class: 'crm-lead-name' }, el('strong', {}, name), el('span', {}, phone));

/** What is still to be filled in. */
const hint = (text: string): HTMLElement => el('p', { class: 'crm-hint', role: 'alert' }, text);
