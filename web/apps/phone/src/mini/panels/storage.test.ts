import { expect, test } from 'vitest';
import { read } from './storage';

test('what is typed is JSON when it can be, otherwise the words', () => {
  expect([read('{"a":1}'), read('7'), read('"7"'), read('你好'), read('')]).toEqual([
    { a: 1 },
    7,
    '7',
    '你好',
    '',
  ]);
});
