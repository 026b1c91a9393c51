import { el } from '@weiqiao/page/dom';
import { type Launch, PRESETS } from '../../model/mini/launch';
import { parseRoute, routeText } from '../../model/mini/route';
import { SCENES, sceneName } from '../../model/mini/scenes';

export type Opening = Pick<Launch, 'page' | 'scene'>;

/** Openings to choose from, and one to put together by hand. */
export function launchPanel(
  key: number,
  now: Opening | null,
  open: (opening: Opening) => void,
): HTMLElement[] {
  return [
    el(
      'p',
      { class: 'muted' },
      now ? `这次启动：${now.page || '首页'} · 场景 ${sceneName(now.scene)}` : '还没有打开',
    ),
    el(
      'ul',
      { class: 'mini-presets' },
      ...PRESETS.map(({ id, title, why, page, scene }) =>
        el(
          'li',
          {},
          el(
            'button',
            { id: `launch-${key}-${id}`, type: 'button', onclick: () => open({ page, scene }) },
            el('strong', {}, title),
            el('span', { class: 'muted' }, why),
            el('code', {}, page),
            el('span', { class: 'pill' }, sceneName(scene)),
          ),
        ),
      ),
    ),
    byHand(key, now, open),
  ];
}

function byHand(key: number, now: Opening | null, open: (opening: Opening) => void): HTMLElement {
  const route = parseRoute(now?.page ?? '');
  const query = routeText({ path: '', query: route.query }).replace(/^\?/, '');
  const input = (name: string, label: string, value: string) =>
    el('input', {
      id: `launch-${key}-${name}`,
      value,
      placeholder: label,
      'aria-label': label,
      autocomplete: 'off',
      spellcheck: 'false',
    });
  const path = input('path', '页面路径', route.path);
  const parameters = input('query', '参数，如 id=1', query);
  const scene = el(
    'select',
    { id: `launch-${key}-scene`, 'aria-label': '场景值' },
    ...SCENES.map(([number]) =>
      el('option', { value: String(number), selected: number === (now?.scene ?? 1001) }, sceneName(number)),
    ),
  );
  return el(
    'form',
    {
      class: 'mini-new',
      onsubmit: (event) => {
        event.preventDefault();
        const page = parameters.value.trim() === '' ? path.value : `${path.value}?${parameters.value.trim()}`;
        open({ page: page.trim(), scene: Number(scene.value) });
      },
    },
    el('h4', {}, '自己写'),
    path,
    parameters,
    scene,
    el('button', { id: `launch-${key}-go`, type: 'submit', class: 'small' }, '重新启动'),
  );
}
