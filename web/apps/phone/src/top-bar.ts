import { el } from '@weiqiao/page/dom';
import type { Actions } from './actions';
import { MOST_PHONES } from './model/phones';
import type { State } from './model/state';
import { describeOffset } from './model/time';

/** What this is, whether it is alive, and whose time it shows. */
export function topBar(state: State, actions: Actions): HTMLElement {
  const clock = state.world?.clock;
  const moved = clock && (clock.frozen || Math.abs(clock.offset_ms) >= 60_000);
  return el(
    'header',
    { class: 'top' },
    el('span', { class: 'logo', 'aria-hidden': 'true' }),
    el(
      'div',
      { class: 'top-title' },
      el('h1', {}, '模拟微信'),
      el('p', { class: 'muted' }, '本机上的微信：不需要账号、域名和内网穿透'),
    ),
    el(
      'div',
      { class: 'badges' },
      moved &&
        el('span', { class: 'badge amber' }, clock.frozen ? '时钟已暂停' : describeOffset(clock.offset_ms)),
      el(
        'span',
        { id: 'online', class: `badge ${state.online ? 'green' : 'red'}`, role: 'status' },
        state.online ? '已连接' : '连接断开，重连中……',
      ),
      state.phones.length < MOST_PHONES &&
        el(
          'button',
          {
            id: 'cast',
            type: 'button',
            class: 'small',
            title: '小红、顾问李、小明各一部：小程序演示里的客户、顾问和路人',
            onclick: actions.castPhones,
          },
          '客户＋顾问＋路人',
        ),
      state.phones.length < MOST_PHONES &&
        el(
          'button',
          { id: 'add-phone', type: 'button', class: 'small', onclick: actions.addPhone },
          '＋ 再开一部手机',
        ),
    ),
  );
}
