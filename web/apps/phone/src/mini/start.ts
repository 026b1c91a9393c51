import { el } from '@weiqiao/page/dom';
import { PRESETS } from '../model/mini/launch';
import { sceneName } from '../model/mini/scenes';
import { miniAccount } from '../model/mini/world';
import type { World } from '../model/types';
import type { Opening } from './panels/launch';

/** The mini programs one can open: the demo, in the ways it can be opened. */
export function startView(
  key: number,
  world: World | null,
  persona: string,
  open: (opening: Opening) => void,
): HTMLElement[] {
  if (!world) return [el('p', { class: 'empty' }, '正在读取……')];
  if (!world.personas.some(({ id }) => id === persona))
    return [el('p', { class: 'empty' }, '这个人物已经不在了，请在上方换一个人。')];
  const account = miniAccount(world, null);
  if (!account)
    return [
      el(
        'p',
        { class: 'empty' },
        '模拟微信里没有小程序。POST /_emulator/accounts 可以添加一个（kind 为 mini）。',
      ),
    ];
  return [
    el(
      'div',
      { class: 'mini-cardhead' },
      el('span', { class: 'mini-logo', 'aria-hidden': 'true' }, '演'),
      el(
        'div',
        {},
        el('h2', {}, '演示 CRM'),
        el('p', { class: 'muted' }, `${account.title} · ${account.app_id}`),
      ),
    ),
    el(
      'p',
      {},
      '客户看顾问的简历、留下手机号，顾问的微信马上收到提醒。页面由模拟器运行，请求发给您正在开发的服务。',
    ),
    el(
      'button',
      {
        id: `mini-open-${key}`,
        type: 'button',
        class: 'primary',
        onclick: () => open({ page: '', scene: 1001 }),
      },
      '打开小程序',
    ),
    el('h3', {}, '换一种方式打开'),
    el(
      'ul',
      { class: 'mini-ways' },
      ...PRESETS.slice(1).map(({ id, title, why, page, scene }) =>
        el(
          'li',
          {},
          el(
            'button',
            { id: `mini-way-${key}-${id}`, type: 'button', onclick: () => open({ page, scene }) },
            el('strong', {}, title, el('small', {}, sceneName(scene))),
            el('span', { class: 'muted' }, why),
          ),
        ),
      ),
    ),
  ];
}
