import { expect, test } from 'vitest';
import {
  requestSubscribe,
  type SheetAnswer,
  type SubscribeDeps,
  type SubscriptionOutcome,
} from './subscribe';

const ASKED = [{ template_id: 'T', title: '提醒', kind: 'one_time' as const, example: [] }];
const DECIDED = { errMsg: 'requestSubscribeMessage:ok', results: { T: 'accept' }, left: { T: 1 } };

function deps(outcomes: SubscriptionOutcome[], changes: Partial<SubscribeDeps> = {}) {
  const asked: (SheetAnswer | undefined)[] = [];
  const made: SubscribeDeps = {
    ask: async (_ids, answer) => {
      asked.push(answer);
      const outcome = outcomes.shift();
      if (!outcome) throw new Error('asked too often');
      return outcome;
    },
    sheet: async () => ({ answers: { T: 'accept' }, always: true }),
    sinceTap: () => 5,
    ...changes,
  };
  return { made, asked };
}

test('the sheet is shown and what was tapped goes to WeChat', async () => {
  const { made, asked } = deps([{ ask: ASKED }, DECIDED]);
  expect(await requestSubscribe(made, ['T'])).toEqual({ errMsg: 'requestSubscribeMessage:ok', T: 'accept' });
  expect(asked).toEqual([undefined, { answers: { T: 'accept' }, always: true }]);
});

test('a kept answer needs no sheet', async () => {
  const { made } = deps([DECIDED], { sheet: () => Promise.reject(new Error('shown')) });
  expect(await requestSubscribe(made, ['T'])).toMatchObject({ T: 'accept' });
});

test('refusals of WeChat’s client have their number', async () => {
  const { made } = deps([
    { errCode: 20004, errMsg: 'requestSubscribeMessage:fail The main switch is switched off' },
  ]);
  await expect(requestSubscribe(made, ['T'])).rejects.toMatchObject({ errCode: 20004 });
});

test('nothing is asked without a tap', async () => {
  const { made, asked } = deps([], { sinceTap: () => 60_000 });
  await expect(requestSubscribe(made, ['T'])).rejects.toThrow('user TAP gesture');
  expect(asked).toEqual([]);
});
