import { el } from '@weiqiao/page/dom';
import { COMPOSERS, type Composer, PUSHES, type PushId } from '../model/chat/compose';
import { icon, isIcon } from './icon';

/** Kinds of messages besides text, and how they are pushed. */
export function attachPanel(
  key: number,
  push: PushId,
  choose: (composer: Composer) => void,
  setPush: (push: PushId) => void,
): HTMLElement {
  const select = el(
    'select',
    { id: `push-${key}` },
    ...PUSHES.map(({ id, label }) => el('option', { value: id, selected: id === push }, label)),
  );
  select.addEventListener('change', () => setPush(select.value as PushId));
  return el(
    'div',
    { class: 'chat-panel' },
    el(
      'div',
      { class: 'attach-grid' },
      ...COMPOSERS.map((composer) =>
        el(
          'button',
          { id: `attach-${key}-${composer.type}`, type: 'button', onclick: () => choose(composer) },
          isIcon(composer.type) && icon(composer.type),
          composer.label,
        ),
      ),
    ),
    el('label', { class: 'push-label' }, '推送方式', select),
  );
}

/** The fields of one kind of message. */
export function composePanel(
  key: number,
  composer: Composer,
  send: (values: Record<string, string>) => void,
  back: () => void,
): HTMLElement {
  const form = el(
    'form',
    { class: 'chat-panel' },
    el('p', { class: 'muted' }, composer.hint),
    ...composer.fields.map(({ name, label, value }) =>
      el('label', {}, label, el('input', { id: `field-${key}-${name}`, name, value, autocomplete: 'off' })),
    ),
    buttons(key, `发送${composer.label}`, back),
  );
  return submits(form, send);
}

/** What the camera sees: an address, a ticket or a scene. */
export function scanPanel(key: number, scan: (text: string) => void, back: () => void): HTMLElement {
  const form = el(
    'form',
    { class: 'chat-panel' },
    el(
      'label',
      {},
      '二维码内容',
      el('input', {
        id: `scan-${key}`,
        name: 'code',
        required: true,
        autocomplete: 'off',
        placeholder: '网址、ticket 或场景值，如 door-3',
      }),
    ),
    el(
      'p',
      { class: 'muted' },
      '没有关注时扫码会先关注（subscribe），已关注时推送 SCAN。没见过的场景值会自动生成一个永久二维码。',
    ),
    buttons(key, '扫一扫', back),
  );
  return submits(form, ({ code = '' }) => scan(code));
}

/** What a scan button of the menu sees. */
export function resultPanel(
  key: number,
  name: string,
  done: (result: string) => void,
  back: () => void,
): HTMLElement {
  const form = el(
    'form',
    { class: 'chat-panel' },
    el(
      'label',
      {},
      `「${name}」扫到的内容`,
      el('input', {
        id: `result-${key}`,
        name: 'result',
        required: true,
        value: 'https://example.com/',
        autocomplete: 'off',
      }),
    ),
    buttons(key, '确定', back),
  );
  return submits(form, ({ result = '' }) => done(result));
}

function buttons(key: number, label: string, back: () => void): HTMLElement {
  return el(
    'div',
    { class: 'row' },
    el('button', { id: `panel-send-${key}`, type: 'submit', class: 'primary small' }, label),
    el('button', { id: `panel-back-${key}`, type: 'button', class: 'small', onclick: back }, '取消'),
  );
}

function submits(form: HTMLFormElement, done: (values: Record<string, string>) => void): HTMLFormElement {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const values = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    done(Object.fromEntries(values));
  });
  return form;
}
