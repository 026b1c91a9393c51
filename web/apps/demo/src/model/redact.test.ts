import { expect, test } from 'vitest';
import { redact, redactPath } from './redact';

test('identifiers are masked at any depth, everything else is kept', () => {
  expect(
    redact({
      data: {
        user_info: { openid: 'oABCDEFGHIJKLMN', nickname: '小明', unionid: '' },
        token: 'eyJhbGciOi.x.y',
      },
      code: 200,
    }),
  ).toEqual({
    data: { user_info: { openid: 'oABC…KLMN', nickname: '小明', unionid: '' }, token: 'eyJh….x.y' },
    code: 200,
  });
  expect(redact([{ code: '0123456789' }, null, 1])).toEqual([{ code: '0123…6789' }, null, 1]);
});

test('the openid in a path is masked, a query is readable', () => {
  expect(redactPath('/api/user/oABCDEFGHIJKLMN')).toBe('/api/user/oABC…KLMN');
  expect(redactPath('/api/wechat/authorize-url?redirect_uri=http%3A%2F%2Flocalhost%3A3001%2F')).toBe(
    '/api/wechat/authorize-url?redirect_uri=http://localhost:3001/',
  );
});
