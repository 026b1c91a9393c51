import { expect, test } from 'vitest';
import { countdown } from './countdown';

const LOGIN = 1_757_062_690;

test.each([
  [0, '24:00:00'],
  [1, '23:59:59'],
  [86_399, '00:00:01'],
  [86_399.5, '00:00:01'],
  [86_400, '已过期'],
  [90_000, '已过期'],
])('%d seconds after the login it reads %s', (passed, text) => {
  expect(countdown(LOGIN, LOGIN + 86_400, (LOGIN + passed) * 1000).text).toBe(text);
});

test('a longer validity set by the operator is told in hours', () => {
  expect(countdown(LOGIN, LOGIN + 7 * 86_400, LOGIN * 1000)).toEqual({
    text: '168:00:00',
    left: 604_800,
    total: 604_800,
  });
});
