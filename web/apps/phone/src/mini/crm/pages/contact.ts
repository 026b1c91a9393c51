import { el, show } from '@weiqiao/page/dom';
import { type Advisor, advisorOf } from '../../../model/crm/advisors';
import type { Acted, ActionType } from '../../../model/crm/client';
import { barePhone, type Contact, checkContact, type Problems } from '../../../model/crm/contact-form';
import { toldOfContact } from '../../../model/crm/told';
import { FIRST_PAGE } from '../../../model/mini/launch';
import { pageUrl } from '../../../model/mini/wx';
import type { MountedPage, Page, PageContext } from '../../page';
import { bySession, loginCard, portrait, run } from '../parts';
import { notFound } from './lost';

const TIMES = ['今天 19:00 – 21:00', '明天 10:00 – 12:00', '明天 19:00 – 21:00', '周末白天'];

/** Leaving a number, for a call back or an appointment. */
export const contactPage: Page = (context) => {
  const advisor = advisorOf(context.query.id);
  const type: ActionType = context.query.type === 'book_service' ? 'book_service' : 'contact_advisor';
  return advisor ? contact(context, advisor, type) : notFound(`顾问 ${context.query.id ?? ''}`)(context);
};

function contact(context: PageContext, advisor: Advisor, type: ActionType): MountedPage {
  const { wx, crm, id } = context;
  const booking = type === 'book_service';
  void wx.setNavigationBarTitle({ title: booking ? '预约服务' : '联系顾问' });
  const body = el('div', { class: 'crm-form-place' });
  const place = el('div');
  const asked = el('p', { class: 'crm-hint', role: 'status' });
  const name = input('name', '怎么称呼您', 'text', 'nickname');
  const phone = input('phone', '手机号', 'tel', 'tel-national');
  const note = input('note', booking ? '想了解什么（选填）' : '想说的话（选填）', 'text', 'off');
  const when = el(
    'select',
    { id: id('when'), name: 'when' },
    el('option', { value: '' }, '请选择'),
    ...TIMES.map((time) => el('option', { value: time }, time)),
  );
  const errors: Record<keyof Contact, HTMLElement> = {
    name: error(),
    phone: error(),
    when: error(),
    note: error(),
  };
  const fields: Record<keyof Contact, HTMLInputElement | HTMLSelectElement> = { name, phone, when, note };

  function input(field: string, label: string, kind: string, autocomplete: string): HTMLInputElement {
    return el('input', {
      id: id(field),
      name: field,
      type: kind,
      autocomplete,
      placeholder: label,
      'aria-label': label,
    });
  }
  function error(): HTMLElement {
    return el('span', { class: 'crm-error' });
  }
  const read = (): Contact => ({
    name: name.value.trim(),
    phone: phone.value,
    when: when.value,
    note: note.value.trim(),
  });
  const tell = (problems: Problems) => {
    for (const field of Object.keys(errors) as (keyof Contact)[]) {
      errors[field].textContent = problems[field] ?? '';
      fields[field].setAttribute('aria-invalid', String(problems[field] !== undefined));
    }
  };
  // The same tap tried again is the same action; something else written is another.
  let key = crypto.randomUUID();
  for (const field of Object.values(fields))
    field.addEventListener('input', () => {
      key = crypto.randomUUID();
      if (field.getAttribute('aria-invalid') === 'true') tell(checkContact(read(), booking));
    });

  const ask = el('button', { id: id('get-phone'), type: 'button', class: 'crm-fill' }, '微信手机号一键填写');
  ask.addEventListener(
    'click',
    () =>
      void run(ask, place, id('phone-retry'), async () => {
        asked.textContent = '';
        const { errMsg, code } = await context.phoneNumber();
        if (!code) {
          asked.textContent = errMsg.endsWith('user deny')
            ? '您没有允许使用微信手机号，可以自己填写。'
            : `没有拿到手机号（${errMsg}），可以自己填写。`;
          return;
        }
        phone.value = await crm.phone(code);
        key = crypto.randomUUID();
        tell({});
      }),
  );
  const submit = el(
    'button',
    { id: id('submit'), type: 'submit', class: 'primary crm-wide' },
    booking ? '提交预约' : '请顾问联系我',
  );
  const send = (values: Contact | null) =>
    run(submit, place, id('submit-retry'), async () => {
      const { note: words = '', when: time = '', name: called = '' } = values ?? {};
      const acted = await crm.act({
        advisorId: advisor.id,
        type,
        data: { ...(time && booking ? { when: time } : {}), ...(words ? { note: words } : {}) },
        name: called,
        phone: values ? barePhone(values.phone) : '',
        key,
      });
      const said = outcome(context, advisor, acted, values !== null);
      show(body, said);
      said.scrollIntoView({ block: 'nearest' });
    });
  const form = el(
    'form',
    { class: 'crm-card crm-form', novalidate: true },
    field('称呼', name, errors.name),
    el('div', { class: 'crm-phone' }, field('手机号', phone, errors.phone), ask),
    asked,
    booking && field('方便的时间', when, errors.when),
    field('留言', note, errors.note),
    submit,
    place,
    el('p', { class: 'muted' }, '手机号只给这位顾问看，用来联系您这一次。'),
    !booking &&
      el(
        'button',
        { id: id('no-phone'), type: 'button', class: 'crm-link', onclick: () => void send(null) },
        '不留手机号，只告诉顾问我想聊聊',
      ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const values = read();
    const problems = checkContact(values, booking);
    tell(problems);
    const wrong = (Object.keys(fields) as (keyof Contact)[]).find((one) => problems[one]);
    if (wrong) fields[wrong].focus();
    else void send(values);
  });
  const draw = bySession(context, (session) => {
    if (session) show(body, form);
    else
      show(
        body,
        loginCard(context, `登录后就能请${advisor.name}联系您。`, () => void draw()),
      );
  });
  void draw();
  return {
    element: el(
      'div',
      { class: 'crm-page' },
      el(
        'div',
        { class: 'crm-to' },
        portrait(advisor),
        el('span', {}, el('strong', {}, advisor.name), el('span', { class: 'muted' }, advisor.title)),
      ),
      body,
    ),
  };
}

function field(label: string, control: HTMLElement, error: HTMLElement): HTMLElement {
  return el('label', {}, label, control, error);
}

/** What the service wrote down, in the customer's words. */
function outcome({ wx, id }: PageContext, advisor: Advisor, acted: Acted, left: boolean): HTMLElement {
  const text = left
    ? acted.customerCreated
      ? '您是新客户，已经为您建了档。'
      : acted.customerId
        ? '您之前留过这个手机号，已经接着原来的档案。'
        : '这个号码不能建档，服务只记下了这次行为。'
    : '没有留手机号，服务记下了您来过。';
  const told = toldOfContact(acted, advisor.name);
  return el(
    'section',
    { class: 'crm-card crm-outcome', id: id('outcome') },
    el('span', { class: 'crm-tick', 'aria-hidden': 'true' }, '✓'),
    el('h3', {}, told.title),
    el('p', {}, text),
    told.text && el('p', { class: 'muted' }, told.text),
    el(
      'dl',
      { class: 'facts' },
      ...[
        ['客户编号', acted.customer?.customerId],
        ['称呼', acted.customer?.name],
        ['行为编号', acted.actionId],
      ].flatMap(([label, value]) => (value ? [el('div', {}, el('dt', {}, label), el('dd', {}, value))] : [])),
    ),
    el(
      'button',
      {
        id: id('home'),
        type: 'button',
        class: 'primary crm-wide',
        onclick: () => void wx.switchTab({ url: pageUrl(FIRST_PAGE) }),
      },
      '回到首页',
    ),
  );
}
