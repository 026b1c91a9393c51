import { expect, test } from 'vitest';
import { createContext } from '../context';
import { saveUser } from '../helpers/session-store';
import { FakeWindow } from '../testing/fake-window';
import { aUser } from '../testing/samples';
import { getUser } from './get-user';

test('the stored profile, or null', () => {
  const window = new FakeWindow('https://shop.cn/');
  const context = createContext(window);
  expect(getUser(context)).toBeNull();
  saveUser(window.localStorage, aUser());
  expect(getUser(context)).toEqual(aUser());
});
