import { expect, test } from 'vitest';
import { FakeStorage } from '../testing/fake-window';
import { aUser } from '../testing/samples';
import { COOKIE_SESSION, owedLogouts, oweLogout, settleLogout } from './owed-logouts';
import { clearSession, saveUser } from './session-store';

test('a log-out stays owed until it is settled, under the documented key', () => {
  const store = new FakeStorage();
  expect(owedLogouts(store)).toEqual([]);
  oweLogout(store, COOKIE_SESSION);
  oweLogout(store, COOKIE_SESSION);
  expect(store.getItem('wechat_logout_owed')).toBe('1');
  settleLogout(store, COOKIE_SESSION);
  expect(store.values.size).toBe(0);
});

test('each session is settled by itself, and only the newest five are kept', () => {
  const store = new FakeStorage();
  for (const token of ['a', 'b', 'c', 'd', 'e', 'f']) oweLogout(store, token);
  settleLogout(store, 'd');
  settleLogout(store, 'unknown');
  expect(owedLogouts(store)).toEqual(['f', 'e', 'c', 'b']);
});

test('forgetting the login keeps what is owed', () => {
  const store = new FakeStorage();
  saveUser(store, aUser());
  oweLogout(store, 'jwt');
  clearSession(store);
  expect([...store.values]).toEqual([['wechat_logout_owed', 'jwt']]);
});

test('a browser that keeps nothing is no second failure', () => {
  const store = new FakeStorage();
  store.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  oweLogout(store, COOKIE_SESSION);
  expect(owedLogouts(store)).toEqual([]);
});
