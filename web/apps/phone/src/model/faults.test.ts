import { expect, test } from 'vitest';
import { describeFault, PRESETS, readFaultForm } from './faults';

test('every preset does something, under its own name', () => {
  for (const preset of PRESETS) expect(preset.faults.length > 0 || preset.steals).toBe(true);
  expect(new Set(PRESETS.map((preset) => preset.id)).size).toBe(PRESETS.length);
});

test('a pending fault is told in one line', () => {
  expect(describeFault({ id: 1, path: '/x', times: 2, errcode: 45009 })).toBe('接下来 2 次：errcode 45009');
  expect(describeFault({ id: 1, path: '/x', probability: 0.3, delay_ms: 3000 })).toBe(
    '30% 的调用：等待 3000 ms',
  );
  expect(describeFault({ id: 1, path: '/x', times: 1, cut_at: 20, deliver: true })).toBe(
    '接下来 1 次：20 字节后断开（已处理之后）',
  );
  expect(describeFault({ id: 1, path: '/x', times: 1, status: 502, body: '<html>', reset: true })).toBe(
    '接下来 1 次：HTTP 502，返回指定内容，断开连接',
  );
});

test('the form becomes a fault, or nothing when it would do nothing', () => {
  expect(readFaultForm({ path: '/sns/auth', errcode: '-1', times: '3' })).toEqual({
    path: '/sns/auth',
    times: 3,
    errcode: -1,
  });
  expect(readFaultForm({ path: '/sns/auth', percent: '25', delay: '500', deliver: 'on' })).toEqual({
    path: '/sns/auth',
    probability: 0.25,
    delay_ms: 500,
    deliver: true,
  });
  expect(readFaultForm({ path: '/sns/auth', reset: 'on' })).toEqual({
    path: '/sns/auth',
    times: 1,
    reset: true,
  });
  expect(readFaultForm({ path: '/sns/auth', times: '3', delay: '0' })).toBeNull();
});
