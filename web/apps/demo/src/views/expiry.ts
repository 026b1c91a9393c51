import type { UserInfo } from '@weiqiao/browser';
import { el } from '@weiqiao/page/dom';
import { localTime } from '@weiqiao/page/format';
import { countdown } from '../model/countdown';

/** The login's remaining life, counting down by the service's clock; asks the service again when it is over. */
export function expiry(user: UserInfo, over: boolean, clockOffset: number, expired: () => void): HTMLElement {
  const text = el('strong', { id: 'expiry', class: 'clock' });
  const bar = el('progress', { max: 1, value: 0, 'aria-label': '授权剩余时间' });
  const tick = () => {
    // The service's verdict counts, also where the clocks disagree.
    const moment = over ? user.expires_at * 1000 : Date.now() + clockOffset;
    const now = countdown(user.login_time, user.expires_at, moment);
    text.textContent = now.text;
    bar.value = Math.min(1, now.left / now.total);
    return now.left;
  };
  const panel = el(
    'div',
    { class: 'expiry' },
    el('div', { class: 'expiry-line' }, el('span', { class: 'muted' }, '授权剩余'), text),
    bar,
    el(
      'p',
      { class: 'muted' },
      `授权于 ${localTime(user.login_time)}`,
      el('br'),
      `到期于 ${localTime(user.expires_at)}`,
    ),
  );
  if (tick() > 0) {
    const timer = setInterval(() => {
      if (!panel.isConnected) clearInterval(timer);
      else if (tick() === 0) {
        clearInterval(timer);
        expired();
      }
    }, 1000);
  }
  return panel;
}
