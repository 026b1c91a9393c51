import { expect, test } from 'vitest';
import { clockTime, localTime, mask } from './format';

test('times are padded', () => {
  expect(localTime(1_757_062_690)).toMatch(/^2025-09-05 \d{2}:\d{2}:10$/);
  expect(clockTime(new Date(2026, 0, 2, 3, 4, 5))).toBe('03:04:05');
});

test('masked values stay recognisable and become useless', () => {
  expect(mask('oABCDEFGHIJKLMN')).toBe('oABC…KLMN');
  expect(mask('short')).toBe('sh…');
});
