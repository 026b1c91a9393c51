import { el } from '@weiqiao/page/dom';
import type { Panel } from '../app';
import { type MountedPhone, mountPhone } from './phone';

/** The phones side by side. A phone is made once and then only told of changes: its page must not load again. */
export const phonesArea: Panel = (container, store, actions) => {
  const mounted = new Map<number, MountedPhone>();
  const empty = el(
    'div',
    { class: 'empty' },
    el('p', {}, '桌上没有手机。'),
    el('button', { type: 'button', class: 'primary', onclick: actions.addPhone }, '拿出一部手机'),
  );
  const place = () => {
    const { phones } = store.state;
    for (const [key, phone] of mounted) {
      if (phones.some((slot) => slot.key === key)) continue;
      phone.element.remove();
      mounted.delete(key);
    }
    for (const slot of phones) {
      let phone = mounted.get(slot.key);
      if (!phone) {
        phone = mountPhone(slot, actions);
        mounted.set(slot.key, phone);
        container.append(phone.element);
      }
      phone.update(slot, store.state);
    }
    if (phones.length === 0) container.append(empty);
    else empty.remove();
  };
  store.watch(
    ({ phones, world, readAt, chats, mini, ledger, errcodes }) => ({
      phones,
      world,
      readAt,
      chats: chats.revision,
      mini: mini.revision,
      call: ledger[0]?.id,
      errcodes: Object.keys(errcodes).length,
    }),
    place,
  );
};
