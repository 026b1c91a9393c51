import { expect, test } from 'vitest';
import { demoAddress } from './service';

test.each([
  ['http://localhost:4001', 'http://localhost:4001/wechat/demo'],
  ['http://localhost:4001/', 'http://localhost:4001/wechat/demo'],
  ['https://dev.example.com/base/', 'https://dev.example.com/base/wechat/demo'],
  [null, null],
  ['', null],
])('the demo page of the service at %s', (service, demo) => {
  expect(demoAddress(service)).toBe(demo);
});
