import { expect, test } from 'vitest';
import { explainError, progress, seconds } from './progress';
import { attempt, delivery } from './samples';

const slow = (n: number) => attempt({ n, ms: 5001, error: 'no whole answer within 5000 ms' });

test('a first attempt that works is one quiet line', () => {
  expect(progress(delivery(), 3)).toEqual({
    text: '等待服务回答……',
    tone: 'muted',
    running: true,
    steps: [],
  });
  const done = delivery({ outcome: 'replied', shown: true, attempts: [attempt()] });
  expect(progress(done, 3)).toEqual({ text: '已回复 · 12 ms', tone: 'green', running: false, steps: [] });
});

test('a slow service is seen attempt by attempt', () => {
  const second = progress(delivery({ attempts: [slow(1)] }), 3);
  expect(second.steps.map(({ state, text }) => `${state}: ${text}`)).toEqual([
    'failed: 1/3 超时，没有完整回答（5.0 秒）',
    'running: 2/3 正在推送……',
  ]);
  const failed = progress(delivery({ outcome: 'failed', attempts: [slow(1), slow(2), slow(3)] }), 3);
  expect(failed.steps.map(({ n }) => n)).toEqual([1, 2, 3]);
  expect([failed.text, failed.tone, failed.running]).toEqual(['3 次推送都没有成功', 'red', false]);
  const late = progress(delivery({ outcome: 'empty', attempts: [slow(1), attempt({ n: 2 })] }), 3);
  expect(late.steps[1]?.text).toBe('2/3 成功（12 ms）');
});

test('handing a message over is an answer of its own', () => {
  const reply = { type: 'transfer_customer_service' };
  const done = delivery({ outcome: 'replied', shown: true, reply, attempts: [attempt()] });
  expect(progress(done, 3).text).toBe('已转给人工客服 · 12 ms');
});

test('copies are told apart', () => {
  const both = delivery({ outcome: 'replied', shown: true, attempts: [attempt(), attempt({ copy: 2 })] });
  expect(progress(both, 3).steps.map(({ text }) => text)).toEqual([
    '1/3 成功（12 ms）',
    '1/3 第 2 份 成功（12 ms）',
  ]);
});

test.each([
  ['not_configured', false, '没有推送：未配置服务器地址'],
  ['staff', false, '人工客服接待中，消息交给客服，没有推送'],
  ['replied', false, '服务有回复，但微信不会显示'],
  ['unchanged', false, '没有变化，不推送'],
] as const)('%s', (outcome, shown, text) => {
  expect(progress(delivery({ outcome, shown }), 3).text).toBe(text);
});

test('errors have Chinese words, unknown ones too', () => {
  expect(explainError('the status is 502, not 200')).toBe('状态码不是 200');
  expect(explainError('no connection: tcp connect error')).toBe('连不上服务');
  expect(explainError('something new')).toBe('回复不符合要求');
  expect([seconds(999), seconds(5432)]).toEqual(['999 ms', '5.4 秒']);
});
