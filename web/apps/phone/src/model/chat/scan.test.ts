import { expect, test } from 'vitest';
import { readScan } from './scan';

const TICKET = `gQ${'x'.repeat(94)}`;

test.each([
  [' http://weixin.qq.com/q/02abc ', { url: 'http://weixin.qq.com/q/02abc' }],
  ['https://localhost/cgi-bin/showqrcode?ticket=x', { url: 'https://localhost/cgi-bin/showqrcode?ticket=x' }],
  [TICKET, { ticket: TICKET }],
  ['door-3', { scene: 'door-3', account: 'official' }],
  ['12', { scene: '12', account: 'official' }],
  ['  ', null],
])('%j', (text, scanned) => {
  expect(readScan(text, 'official')).toEqual(scanned);
});
