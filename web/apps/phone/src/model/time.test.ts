import { expect, test } from 'vitest';
import { describeLife, describeOffset, emulatedNow } from './time';

const CLOCK = { now_ms: 1000, real_ms: 0, offset_ms: 1000, frozen: false };

test('a running clock runs on, a frozen one stands', () => {
  expect(emulatedNow(CLOCK, 500, 700)).toBe(1200);
  expect(emulatedNow({ ...CLOCK, frozen: true }, 500, 700)).toBe(1000);
});

test.each([
  [0, '与真实时间一致'],
  [20_000, '与真实时间一致'],
  [300_000, '比真实时间快 5 分'],
  [7_500_000, '比真实时间快 2 小时 5 分'],
  [30 * 86_400_000, '比真实时间快 30 天'],
  [-90_000_000, '比真实时间慢 1 天 1 小时'],
])('%i ms: %s', (offset, text) => {
  expect(describeOffset(offset)).toBe(text);
});

test.each([
  [-3, '0 秒'],
  [59, '59 秒'],
  [60, '1 分'],
  [7199, '1 小时 59 分'],
])('%i s: %s', (seconds, text) => {
  expect(describeLife(seconds)).toBe(text);
});
