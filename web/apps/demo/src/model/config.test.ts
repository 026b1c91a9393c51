import { expect, test } from 'vitest';
import { parseConfig, phoneUrl } from './config';

test('the documented object is read as it is', () => {
  const config = parseConfig({
    mode: 'open',
    emulated: true,
    jweixinUrl: 'http://localhost:3002/x.js',
    account: 'official',
    publicUrl: 'http://localhost:3001/',
  });
  expect(config).toEqual({
    mode: 'open',
    emulated: true,
    jweixinUrl: 'http://localhost:3002/x.js',
    account: 'official',
    publicUrl: 'http://localhost:3001/',
  });
  expect(phoneUrl(config, 'http://localhost:3001/wechat/demo')).toBe(
    'http://localhost:3002/?url=http%3A%2F%2Flocalhost%3A3001%2Fwechat%2Fdemo',
  );
});

test('anything else is read carefully: strict, real WeChat', () => {
  expect(parseConfig('nonsense')).toEqual({
    mode: 'strict',
    emulated: false,
    jweixinUrl: undefined,
    account: undefined,
    publicUrl: undefined,
  });
  expect(parseConfig({ mode: 'OPEN', emulated: 'yes', jweixinUrl: '' })).toMatchObject({
    mode: 'strict',
    emulated: false,
  });
  expect(phoneUrl(parseConfig({ emulated: true, jweixinUrl: '/relative.js' }), 'http://a/')).toBeUndefined();
  expect(
    phoneUrl(parseConfig({ jweixinUrl: 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js' }), 'http://a/'),
  ).toBeUndefined();
});
