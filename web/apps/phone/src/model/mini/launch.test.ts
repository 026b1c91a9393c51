import { expect, test } from 'vitest';
import { FIRST_PAGE, firstRoute, isLaunch, PRESETS } from './launch';

test('an opening without a page begins with the first one', () => {
  expect(firstRoute({ page: '' })).toEqual({ path: FIRST_PAGE, query: {} });
  expect(firstRoute({ page: '?from=qr' })).toEqual({ path: FIRST_PAGE, query: { from: 'qr' } });
  expect(firstRoute({ page: '/pages/a?id=1' })).toEqual({ path: 'pages/a', query: { id: '1' } });
});

test('every preset has an id of its own', () => {
  expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
});

test('what is stored is looked at', () => {
  expect(isLaunch({ account: 'mini', page: '', scene: 1001, at: 1 })).toBe(true);
  for (const bad of [null, {}, { account: 'mini', page: 7, scene: 1, at: 1 }, 'x'])
    expect(isLaunch(bad)).toBe(false);
});
