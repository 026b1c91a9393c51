import { el } from '@weiqiao/page/dom';
import { icon } from '../chat/icon';
import { notification } from '../model/chat/notification';
import type { Banner } from '../model/mini/banners';
import type { World } from '../model/types';

/** A service notification sliding in: who sends it, what it says; a tap opens where it leads. */
export function bannerView(
  key: number,
  banner: Banner,
  world: World,
  taps: { open(account: string | null, page: string | null): void; drop(): void },
): HTMLElement {
  const sender = world.accounts.find(({ account }) => account.name === banner.account);
  const { title, fields, target } = notification(banner, sender?.templates ?? []);
  const page = target && 'page' in target ? target : null;
  return el(
    'div',
    { class: 'phone-banner', role: 'status' },
    el(
      'button',
      {
        id: `banner-${key}`,
        type: 'button',
        onclick: () => taps.open(page ? (page.appid ?? banner.account) : null, page?.page ?? null),
      },
      icon('bell'),
      el(
        'span',
        {},
        el('small', {}, sender?.account.title ?? banner.account, ' · 服务通知'),
        el('strong', {}, title),
        el(
          'span',
          { class: 'muted' },
          fields
            .map(({ value }) => value)
            .filter((value) => value !== '' && !/^\d{4}\D/.test(value))
            .join(' · '),
        ),
      ),
    ),
    el(
      'button',
      {
        id: `banner-drop-${key}`,
        type: 'button',
        class: 'plain',
        'aria-label': '收起通知',
        onclick: taps.drop,
      },
      '×',
    ),
  );
}
