import { expect, test } from 'vitest';
import { FakeStorage } from '../testing/fake-window';
import { contradictsState, issuedStates, rememberState, STATES_KEY } from './issued-states';

test('the newest five states of a tab are known', () => {
  const tab = new FakeStorage();
  for (const state of ['a', 'b', 'c', 'd', 'e', 'f']) rememberState(tab, state);
  expect(issuedStates(tab)).toEqual(['f', 'e', 'd', 'c', 'b']);
  expect(contradictsState(tab, 'b')).toBe(false);
  expect(contradictsState(tab, 'a')).toBe(true);
});

test('a tab that started no login cannot contradict, nor can one with nonsense stored', () => {
  const tab = new FakeStorage();
  expect(contradictsState(tab, 'x')).toBe(false);
  tab.setItem(STATES_KEY, '{broken');
  expect(contradictsState(tab, 'x')).toBe(false);
  tab.setItem(STATES_KEY, '{"a":1}');
  expect(issuedStates(tab)).toEqual([]);
});
