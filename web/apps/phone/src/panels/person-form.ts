import { el } from '@weiqiao/page/dom';
import type { Persona } from '../model/types';

const SEX = ['未知', '男', '女'] as const;

/** The form for one person; `null` makes a new one. `save` gets the control API's fields. */
export function personForm(
  persona: Persona | null,
  save: (values: Record<string, unknown>) => Promise<void>,
  close: () => void,
): HTMLElement {
  const field = (
    name: string,
    label: string,
    value: string,
    attributes: Record<string, string | boolean> = {},
  ) =>
    el(
      'label',
      {},
      label,
      el('input', { id: `person-${name}`, name, value, autocomplete: 'off', ...attributes }),
    );
  const tick = (name: string, label: string, checked: boolean) =>
    el(
      'label',
      { class: 'tick' },
      el('input', { id: `person-${name}`, name, type: 'checkbox', checked }),
      label,
    );
  const form = el(
    'form',
    { class: 'form' },
    el('h3', {}, persona ? `编辑 ${persona.nickname}` : '新建人物'),
    field('nickname', '昵称（可以放表情，也可以放 <script>）', persona?.nickname ?? '', { required: true }),
    !persona && field('id', '编号（字母、数字、- 和 _；留空自动生成）', '', { pattern: '[A-Za-z0-9_\\-]*' }),
    el(
      'label',
      {},
      '性别',
      el(
        'select',
        { id: 'person-sex', name: 'sex' },
        ...SEX.map((label, value) => el('option', { value, selected: persona?.sex === value }, label)),
      ),
    ),
    field('phone', '手机号', persona?.phone ?? '', { inputmode: 'numeric', pattern: '[0-9]*' }),
    field('province', '省', persona?.province ?? ''),
    field('city', '市', persona?.city ?? ''),
    field('headimgurl', '头像网址（留空由模拟器绘制）', persona?.headimgurl ?? '', { type: 'url' }),
    tick('snapshot', '从快照页来（is_snapshotuser，虚拟账号）', persona?.snapshot ?? false),
    tick('high_risk', '高风险用户（小程序登录被拒 40226）', persona?.high_risk ?? false),
    el(
      'div',
      { class: 'row' },
      el('button', { id: 'person-save', type: 'submit', class: 'primary' }, '保存'),
      el('button', { id: 'person-cancel', type: 'button', onclick: close }, '取消'),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save(readPerson(new FormData(form), persona?.id));
  });
  return form;
}

/** The form as the control API wants it. Optional texts that stand empty are left out: empty means "as it was". */
export function readPerson(data: Pick<FormData, 'get'>, id?: string): Record<string, unknown> {
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const values: Record<string, unknown> = {
    nickname: String(data.get('nickname') ?? ''),
    sex: Number(text('sex') || 0),
    province: text('province'),
    city: text('city'),
    snapshot: data.get('snapshot') === 'on',
    high_risk: data.get('high_risk') === 'on',
  };
  const handle = id ?? text('id');
  if (handle) values.id = handle;
  for (const name of ['phone', 'headimgurl']) if (text(name)) values[name] = text(name);
  return values;
}
