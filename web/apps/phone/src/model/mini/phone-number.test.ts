import { expect, test } from 'vitest';
import { getPhoneNumber, maskPhone } from './phone-number';

const deps = (number: string | null, allowed: boolean) => {
  let codes = 0;
  return {
    number,
    sheet: async () => allowed,
    code: async () => {
      codes += 1;
      return 'c';
    },
    asked: () => codes,
  };
};

test('allowed: a code; refused: WeChat’s words and no code is made', async () => {
  expect(await getPhoneNumber(deps('13800000002', true))).toEqual({ errMsg: 'getPhoneNumber:ok', code: 'c' });
  const refused = deps('13800000002', false);
  expect(await getPhoneNumber(refused)).toEqual({ errMsg: 'getPhoneNumber:fail user deny' });
  expect(refused.asked()).toBe(0);
});

test('who has no number is not asked', async () => {
  const none = { ...deps(null, true), sheet: () => Promise.reject(new Error('shown')) };
  expect((await getPhoneNumber(none)).errMsg).toBe('getPhoneNumber:fail no phone number bound');
});

test('numbers are shown in part', () => {
  expect(maskPhone('13800000002')).toBe('138****0002');
  expect(maskPhone('12345')).toBe('12345');
});
