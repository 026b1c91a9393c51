import { expect, test } from 'vitest';
import { type Crm, ServiceError } from '../../model/crm/client';
import type { Session } from '../../model/crm/session';
import { WxError } from '../../model/mini/wx-error';
import type { PageContext } from '../page';
import { bySession, explainError, shortId } from './parts';

test('a failure of the service keeps its words, any other says what it is', () => {
  const explained = { title: 't', why: 'w', next: 'n', retry: false, facts: [] };
  expect(explainError(new ServiceError(explained))).toBe(explained);
  expect(explainError(new WxError('login:fail'))).toMatchObject({ why: 'login:fail', retry: true });
  expect(explainError('odd')).toMatchObject({ why: 'odd' });
});

test('ids are shortened so that two can be told apart', () => {
  expect(shortId('ol4TeY6zdEy1xb4yOMTen0P7OApq')).toBe('ol4TeY…OApq');
  expect(shortId('short')).toBe('short');
});

test('a page is drawn again for somebody else only, or for every new session when it shows one', async () => {
  let session: Session | null = null;
  const context = { crm: { session: async () => session } as Crm } as PageContext;
  const drawn: string[] = [];
  const draw = bySession(context, (one) => void drawn.push(one?.token ?? 'nobody'));
  const drawToken = bySession(context, (one) => void drawn.push(`token ${one?.token ?? ''}`), 'token');
  const all = async (next: Session | null) => {
    session = next;
    await draw();
    await drawToken();
  };
  await all(null);
  await all({ openid: 'oA', token: '1', expires_at: 1 });
  await all({ openid: 'oA', token: '2', expires_at: 2 });
  await all({ openid: 'oA', token: '2', expires_at: 2 });
  expect(drawn).toEqual(['nobody', 'token ', '1', 'token 1', 'token 2']);
});
