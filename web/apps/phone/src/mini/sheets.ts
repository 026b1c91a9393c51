import { el } from '@weiqiao/page/dom';
import { maskPhone } from '../model/mini/phone-number';
import type { Asked, Choice, SheetAnswer } from '../model/mini/subscribe';

/** WeChat's sheet of `requestSubscribeMessage`: each template with an example, a tick each, 总是保持以上选择. */
export function subscribeSheet(
  key: number,
  sender: string,
  asked: readonly Asked[],
  answer: (answer: SheetAnswer) => void,
): HTMLElement {
  const ticks = asked.map(({ template_id }) => ({
    template_id,
    tick: el('input', { type: 'checkbox', checked: true, id: `tick-${key}-${template_id}` }),
  }));
  const always = el('input', { type: 'checkbox', id: `always-${key}` });
  const close = (allowed: boolean) => {
    const choice = (ticked: boolean): Choice => (allowed && ticked ? 'accept' : 'reject');
    answer({
      answers: Object.fromEntries(ticks.map(({ template_id, tick }) => [template_id, choice(tick.checked)])),
      always: always.checked,
    });
  };
  const longTerm = asked.some(({ kind }) => kind === 'long_term');
  return el(
    'div',
    { class: 'sheet-body' },
    senderLine(sender, '申请'),
    el('h3', {}, longTerm ? '发送以下消息' : '发送一次以下消息'),
    ...asked.map(({ template_id, title, example }, index) =>
      el(
        'label',
        { class: 'sheet-item' },
        ticks[index]?.tick,
        el(
          'span',
          {},
          el('strong', {}, title),
          el(
            'span',
            { class: 'sheet-example', id: `example-${key}-${template_id}` },
            ...example.map(({ name, value }) => el('span', {}, el('i', {}, name), value)),
          ),
        ),
      ),
    ),
    el('label', { class: 'sheet-always' }, always, '总是保持以上选择，不再询问'),
    buttons(
      [`subscribe-cancel-${key}`, '取消', () => close(false)],
      [`subscribe-allow-${key}`, '允许', () => close(true)],
    ),
  );
}

/** WeChat's sheet of a `getPhoneNumber` button. */
export function phoneSheet(
  key: number,
  sender: string,
  number: string,
  answer: (allowed: boolean) => void,
): HTMLElement {
  return el(
    'div',
    { class: 'sheet-body' },
    senderLine(sender, '申请'),
    el('h3', {}, '获取并验证你的手机号'),
    el(
      'div',
      { class: 'sheet-number' },
      el('strong', {}, maskPhone(number)),
      el('span', { class: 'muted' }, '微信绑定号码'),
    ),
    buttons(
      [`phone-deny-${key}`, '不允许', () => answer(false)],
      [`phone-allow-${key}`, '允许', () => answer(true)],
    ),
  );
}

function senderLine(sender: string, does: string): HTMLElement {
  return el(
    'p',
    { class: 'sheet-sender' },
    el('span', { class: 'avatar chat-avatar letter', 'aria-hidden': 'true' }, [...sender][0] ?? '?'),
    `${sender} ${does}`,
  );
}

type Button = [id: string, label: string, tap: () => void];

function buttons(no: Button, yes: Button): HTMLElement {
  const button = ([id, label, tap]: Button, main: boolean) =>
    el('button', { id, type: 'button', class: main ? 'primary' : undefined, onclick: tap }, label);
  return el('div', { class: 'sheet-buttons' }, button(no, false), button(yes, true));
}
