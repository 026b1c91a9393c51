import { expect, test } from 'vitest';
import { readSession } from './session';

test('only a whole session is one', () => {
  const session = { openid: 'o', token: 't', expires_at: 1 };
  expect(readSession(session)).toEqual(session);
  for (const bad of [null, undefined, 'x', {}, { ...session, expires_at: '1' }])
    expect(readSession(bad)).toBeNull();
});
