import { expect, test } from 'vitest';
import { FakeStorage } from '../testing/fake-window';
import { aUser } from '../testing/samples';
import { clearSession, loadOpenid, loadUser, saveToken, saveUser } from './session-store';

test('a user is kept under the documented keys', () => {
  const store = new FakeStorage();
  saveUser(store, aUser());
  expect(store.getItem('wechat_openid')).toBe('o-xiaoming');
  expect(JSON.parse(store.getItem('wechat_user_info') ?? '')).toEqual(aUser());
  expect(loadUser(store)).toEqual(aUser());
});

test.each(['{broken', '"text"', '[]', '{"nickname":"无 openid"}'])('%s under the key is nobody', (text) => {
  const store = new FakeStorage();
  store.setItem('wechat_user_info', text);
  expect(loadUser(store)).toBeNull();
  expect(loadOpenid(store)).toBeNull();
});

test('the openid is found in either key', () => {
  const store = new FakeStorage();
  saveUser(store, aUser());
  store.removeItem('wechat_openid');
  expect(loadOpenid(store)).toBe('o-xiaoming');
});

test('clearing leaves other keys of the page alone', () => {
  const store = new FakeStorage();
  saveUser(store, aUser());
  saveToken(store, 'jwt');
  store.setItem('cart', '3');
  clearSession(store);
  expect([...store.values.keys()]).toEqual(['cart']);
});
