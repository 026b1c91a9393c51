import { expect, test } from 'vitest';
import { ADVISORS, advisorOf } from './advisors';

test('each advisor has an id of their own and a whole résumé', () => {
  expect(new Set(ADVISORS.map(({ id }) => id)).size).toBe(ADVISORS.length);
  for (const { career, skills, about } of ADVISORS)
    expect([career.length > 0, skills.length > 0, about.length > 20]).toEqual([true, true, true]);
  expect(advisorOf('advisor-li')?.name).toBe('李静');
  expect(advisorOf('nobody')).toBeUndefined();
});
