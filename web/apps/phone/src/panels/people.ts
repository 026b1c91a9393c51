import { el, show } from '@weiqiao/page/dom';
import type { Panel } from '../app';
import { avatar } from '../avatar';
import { api } from '../model/api';
import type { Persona } from '../model/types';
import { personForm } from './person-form';

/** The fake people: look, change, add. */
export const peoplePanel: Panel = (container, store, actions) => {
  const list = el('ul', { class: 'people' });
  const editor = el('div', { class: 'editor' });
  container.append(
    el(
      'div',
      { class: 'panel-head' },
      el('p', { class: 'muted' }, '这些人没有真实账号。他们的 openid 由账号和人物决定，每次都一样。'),
      el(
        'button',
        { id: 'new-person', type: 'button', class: 'small', onclick: () => edit(null) },
        '＋ 新建人物',
      ),
    ),
    editor,
    list,
  );
  const close = () => show(editor);
  const edit = (persona: Persona | null) => {
    const save = async (values: Record<string, unknown>) => {
      if (await actions.attempt(() => api.putPersona(values))) close();
    };
    show(editor, personForm(persona, save, close));
    editor.querySelector('input')?.focus();
  };
  store.watch(
    ({ world }) => world?.personas,
    (personas) => show(list, ...(personas ?? []).map((persona) => item(persona, () => edit(persona)))),
  );
};

function item(persona: Persona, edit: () => void): HTMLElement {
  const notes = [
    persona.phone ? `手机 ${persona.phone}` : '没有手机号',
    [persona.province, persona.city].filter(Boolean).join(' '),
    persona.snapshot ? '快照页访客' : '',
    persona.high_risk ? '高风险用户（40226）' : '',
  ].filter(Boolean);
  return el(
    'li',
    {},
    avatar(persona),
    el(
      'div',
      { class: 'person' },
      el('strong', {}, persona.nickname),
      el('span', { class: 'muted' }, `${persona.id} · ${notes.join(' · ')}`),
    ),
    el('button', { id: `edit-${persona.id}`, type: 'button', class: 'small', onclick: edit }, '编辑'),
  );
}
