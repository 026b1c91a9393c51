import type { AuthStatus } from '@weiqiao/browser';
import { expect, test } from 'vitest';
import { sessionStatus } from './session-status';

const nobody: AuthStatus = { authenticated: false, needAuth: true, reason: 'never_logged_in', user: null };

test('before the first answer it is being checked', () => {
  for (const busy of [null, 'exchange', 'check'])
    expect(sessionStatus({ auth: null, busy, checkFailed: false })).toMatchObject({
      label: '检查中',
      askAgain: false,
    });
});

test('a check that failed is told, and can be repeated', () => {
  for (const busy of [null, 'authorize'])
    expect(sessionStatus({ auth: null, busy, checkFailed: true })).toMatchObject({
      label: '没能检查',
      askAgain: true,
    });
  expect(sessionStatus({ auth: null, busy: 'check', checkFailed: true }).label).toBe('检查中');
});

test('what is known stays known', () => {
  expect(sessionStatus({ auth: nobody, busy: null, checkFailed: true })).toMatchObject({
    label: '未登录',
    askAgain: false,
  });
});
