import { el } from '@weiqiao/page/dom';
import type { Send } from '../../model/mini/sends';
import type { SubscriptionItem, Subscriptions } from '../../model/mini/world';
import { showTime } from '../../model/time';

export type SubscriptionChange =
  | { main_switch: boolean }
  | { template_id: string; keep: 'accept' | 'reject' | null };

/** What WeChat knows and no mini program does: switches, kept answers, agreements left, what became of messages. */
export function wechatPanel(
  key: number,
  subscriptions: Subscriptions | undefined,
  sends: readonly Send[],
  change: (change: SubscriptionChange) => void,
): HTMLElement[] {
  if (!subscriptions) return [el('p', { class: 'empty' }, '正在读取……')];
  const main = el('input', {
    id: `main-switch-${key}`,
    type: 'checkbox',
    checked: subscriptions.main_switch,
  });
  main.addEventListener('change', () => change({ main_switch: main.checked }));
  return [
    el('label', { class: 'mini-switch' }, main, el('span', {}, '接收这个小程序的订阅消息（总开关）')),
    ...subscriptions.items.map((item) => template(key, item, change)),
    subscriptions.items.length === 0 && el('p', { class: 'muted' }, '这个小程序没有订阅模板。'),
    el('h4', {}, '发给这个人的订阅消息'),
    sends.length === 0
      ? el('p', { class: 'muted' }, '服务还没有给这个人发过。')
      : el(
          'ol',
          { class: 'crm-sends' },
          ...sends
            .slice(0, 20)
            .map(({ id, at, ok, text }) =>
              el(
                'li',
                { class: ok ? 'ok' : 'bad', 'data-send': String(id) },
                el('time', {}, showTime(at)),
                el('span', {}, text),
              ),
            ),
        ),
  ].filter((part): part is HTMLElement => part !== false);
}

function template(
  key: number,
  item: SubscriptionItem,
  change: (change: SubscriptionChange) => void,
): HTMLElement {
  const choices: [string, string][] = [
    ['', '每次询问'],
    ['accept', '总是允许'],
    ['reject', '总是拒绝'],
  ];
  const select = el(
    'select',
    { id: `kept-${key}-${item.template_id}`, 'aria-label': `${item.title} 的设置` },
    ...choices.map(([value, label]) => el('option', { value, selected: value === (item.kept ?? '') }, label)),
  );
  select.addEventListener('change', () => {
    const keep = select.value === 'accept' || select.value === 'reject' ? select.value : null;
    change({ template_id: item.template_id, keep });
  });
  return el(
    'div',
    { class: 'mini-template' },
    el(
      'div',
      {},
      el('strong', {}, item.title),
      el(
        'p',
        { class: 'muted' },
        item.kind === 'long_term' ? '长期订阅' : `一次性订阅 · 还能发 ${item.left} 条`,
      ),
      el('code', {}, item.template_id),
    ),
    select,
  );
}
