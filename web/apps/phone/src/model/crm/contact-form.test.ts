import { expect, test } from 'vitest';
import { barePhone, checkContact } from './contact-form';

const contact = { name: '小红', phone: '13800000002', when: '', note: '' };

test('a good form has no problems, however the number is written', () => {
  expect(checkContact(contact, false)).toEqual({});
  for (const phone of ['138 0000 0002', '+86 138-0000-0002', '008613800000002'])
    expect([checkContact({ ...contact, phone }, false), barePhone(phone)]).toEqual([{}, '13800000002']);
});

test.each([
  ['', '请填写手机号'],
  ['1380000000a', '只能有数字'],
  ['1380000', '应为 11 位，现在是 7 位'],
  ['12800000002', '第二位应是 3–9'],
])('%j is told why', (phone, text) => {
  expect(checkContact({ ...contact, phone }, false).phone).toContain(text);
});

test('long texts and a missing time are told, characters counted as people see them', () => {
  const long = { ...contact, name: '😀'.repeat(21), note: '长'.repeat(101) };
  expect(Object.keys(checkContact(long, true)).sort()).toEqual(['name', 'note', 'when']);
  expect(checkContact({ ...contact, name: '😀'.repeat(20) }, false)).toEqual({});
});
