import { el, show } from '@weiqiao/page/dom';
import type { Panel } from '../app';
import { api } from '../model/api';
import { describeOffset, emulatedNow, showMoment } from '../model/time';

const JUMPS = [
  ['5m', '+5 分钟', '授权码（code）过期'],
  ['2h', '+2 小时', 'access_token 与 jsapi_ticket 过期'],
  ['24h', '+24 小时', '登录满一天，该重新授权'],
  ['30d', '+30 天', 'refresh_token 过期'],
] as const;

/** The emulated clock: every expiry in the emulated WeChat follows it. */
export const clockPanel: Panel = (container, store, actions) => {
  const now = el('p', { id: 'emulated-now', class: 'big-clock' });
  const offset = el('p', { class: 'muted' });
  const controls = el('div', { class: 'row' });
  const change = (what: Parameters<typeof api.clock>[0]) => void actions.attempt(() => api.clock(what));
  container.append(
    el('h2', {}, '模拟时间', el('small', {}, 'Emulated time')),
    now,
    offset,
    el(
      'ul',
      { class: 'presets' },
      ...JUMPS.map(([advance, label, effect]) =>
        el(
          'li',
          {},
          el(
            'button',
            { id: `advance-${advance}`, type: 'button', onclick: () => change({ advance }) },
            el('strong', {}, label),
            el('span', { class: 'muted' }, effect),
          ),
        ),
      ),
    ),
    controls,
    el(
      'p',
      { class: 'muted' },
      'weiqiao-dev 里的服务也看这个时钟，登录会跟着过期；单独运行模拟器时，您自己的程序仍用自己的时间。',
    ),
  );
  const tick = () => {
    const { world, readAt } = store.state;
    now.textContent = world ? showMoment(emulatedNow(world.clock, readAt, Date.now())) : '--';
  };
  setInterval(tick, 1000);
  store.watch(
    ({ world, readAt }) => [world?.clock.offset_ms, world?.clock.frozen, readAt],
    () => {
      const clock = store.state.world?.clock;
      tick();
      offset.textContent = clock ? describeOffset(clock.offset_ms) + (clock.frozen ? '，已暂停' : '') : '';
      show(
        controls,
        el(
          'button',
          { id: 'clock-real', type: 'button', class: 'primary', onclick: () => change({ real: true }) },
          '恢复真实时间',
        ),
        el(
          'button',
          { id: 'clock-freeze', type: 'button', onclick: () => change({ freeze: !clock?.frozen }) },
          clock?.frozen ? '继续走' : '暂停',
        ),
      );
    },
  );
};
