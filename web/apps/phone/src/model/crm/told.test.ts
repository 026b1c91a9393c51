import { expect, test } from 'vitest';
import type { Acted } from './client';
import { toldOfContact, toldOfVisit } from './told';

const acted = (willNotify?: boolean): Acted => ({
  actionId: 'a',
  customerCreated: false,
  ...(willNotify === undefined ? {} : { action: { willNotify } }),
});

test('an advisor is only said to be told when the service owes them a message', () => {
  expect(toldOfVisit(acted(true), '李静').title).toBe('会提醒李静：您来看过');
  expect(toldOfContact(acted(true), '李静').title).toBe('已提交，正在通知李静');
  expect(toldOfVisit(acted(false), '李静').title).toContain('不会提醒李静');
  expect(toldOfContact(acted(false), '李静')).toMatchObject({ title: '已提交' });
  expect(toldOfContact(acted(false), '李静').text).toContain('没有订阅提醒');
});

test('of a service that does not say, nothing is claimed', () => {
  for (const told of [toldOfVisit(acted(), '李静'), toldOfContact(acted(), '李静')])
    expect(`${told.title}${told.text}`).not.toMatch(/李静|提醒|通知/);
});
