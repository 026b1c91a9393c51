import { expect, test } from 'vitest';
import { menuTap } from './menu-tap';

const button = (changes: object) => ({ name: 'b', sub_button: [], ...changes });

test('a click pushes its key, a link opens too', () => {
  expect(menuTap(button({ type: 'click', event: 'CLICK', event_key: 'V1' }))).toEqual({
    event: { event: 'CLICK', EventKey: 'V1' },
    scans: false,
    url: null,
    mini: null,
    say: null,
  });
  const url = 'https://example.com/';
  expect(menuTap(button({ type: 'view', url, event: 'VIEW', event_key: url }))).toMatchObject({
    event: { event: 'VIEW', EventKey: url },
    url,
  });
});

test('scanning asks first; material says what happens, a mini program is opened', () => {
  expect(menuTap(button({ type: 'scancode_push', event: 'scancode_push', event_key: 'k' })).scans).toBe(true);
  expect(menuTap(button({ type: 'media_id' }))).toMatchObject({
    event: null,
    say: expect.stringContaining('素材'),
  });
  const mini = button({
    type: 'miniprogram',
    event: 'view_miniprogram',
    event_key: 'p',
    appid: 'wx2',
    pagepath: 'p',
  });
  expect(menuTap(mini)).toMatchObject({
    event: { EventKey: 'p' },
    mini: { appid: 'wx2', page: 'p' },
    say: null,
  });
});
