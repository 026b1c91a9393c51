import { expect, test } from 'vitest';
import { prettyBody } from './pretty';

test('one element a line, groups indented, held text untouched', () => {
  expect(
    prettyBody('<xml><A><![CDATA[a<b>\n c]]></A><G><N>1</N><L><I>x</I></L></G><E></E></xml>').split('\n'),
  ).toEqual([
    '<xml>',
    '  <A><![CDATA[a<b>',
    ' c]]></A>',
    '  <G>',
    '    <N>1</N>',
    '    <L>',
    '      <I>x</I>',
    '    </L>',
    '  </G>',
    '  <E></E>',
    '</xml>',
  ]);
});

test('JSON is indented unless a number would change; other things stay', () => {
  expect(prettyBody('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyBody('{"a":"b","MsgId":18824500472688148490}')).toBe(
    '{"a":"b",\n"MsgId":18824500472688148490}',
  );
  expect(prettyBody('{broken')).toBe('{broken');
  expect(prettyBody('success')).toBe('success');
  expect(prettyBody('')).toBe('');
});
