import { expect, test } from 'vitest';
import { preview } from './preview';
import { received } from './samples';

test.each([
  ['text', { content: '<b>你好' }, '<b>你好'],
  ['msgmenu', { head_content: '满意吗？' }, '满意吗？'],
  ['news', { articles: [] }, '[图文消息]'],
  ['something_new', {}, '[something_new]'],
])('%s', (type, content, line) => {
  expect(preview(received({ type, content }))).toBe(line);
});
