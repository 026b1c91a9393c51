import { expect, test } from 'vitest';
import { COMPOSERS, composed, PUSHES, pushOptions } from './compose';

test('what stands empty is not sent, options go along', () => {
  expect(composed('image', { PicUrl: ' ' }, 'normal')).toEqual({ type: 'image' });
  expect(composed('text', { Content: ' 你好 ' }, 'copies')).toEqual({
    type: 'text',
    Content: ' 你好 ',
    copies: 3,
  });
});

test('every kind and every way of pushing has its own name', () => {
  expect(new Set(COMPOSERS.map(({ type }) => type)).size).toBe(COMPOSERS.length);
  expect(new Set(PUSHES.map(({ id }) => id)).size).toBe(PUSHES.length);
  expect(pushOptions('normal')).toEqual({});
});
