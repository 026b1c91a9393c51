import { expect, test } from 'vitest';
import { castPhones, loadPhones, newPhone, type PhoneSlot, readUrl, savePhones } from './phones';

const stored = (text: string | null) => ({ getItem: () => text });

test('the first visit has one phone, the next ones what was there', () => {
  expect(loadPhones(stored(null), null)).toEqual([
    { key: 1, persona: 'xiaoming', tab: 'chat', url: '', chat: null, launch: null },
  ]);
  const phones: PhoneSlot[] = [
    {
      key: 1,
      persona: 'xiaohong',
      tab: 'me',
      url: 'http://localhost:3001/a',
      chat: 'official',
      launch: null,
    },
    {
      key: 4,
      persona: 'advisor-li',
      tab: 'mini',
      url: '',
      chat: '',
      launch: { account: 'mini', page: 'pages/a?id=1', scene: 1107, at: 5 },
    },
  ];
  const written: string[] = [];
  savePhones({ setItem: (_key, value) => void written.push(value) }, phones);
  expect(loadPhones(stored(written[0] ?? null), null)).toEqual(phones);
});

test('an address given to the page is opened on the first phone, unless it is no web address', () => {
  expect(loadPhones(stored(null), 'http://localhost:3001/wechat/demo')[0]).toMatchObject({
    tab: 'browser',
    url: 'http://localhost:3001/wechat/demo',
  });
  expect(loadPhones(stored(null), 'javascript:alert(1)')[0]?.url).toBe('');
});

test.each([
  '{broken',
  '{}',
  '[null, 7, {"key":1}]',
  '[{"key":1,"persona":"a","tab":"me","url":"javascript:alert(1)"}]',
  '[{"key":1,"persona":"a","tab":"mini","url":"","launch":{"page":7}}]',
])('nonsense stored (%s) is a first visit', (text) => {
  expect(loadPhones(stored(text), null)).toHaveLength(1);
  expect(loadPhones(stored(text), null)[0]?.url).toBe('');
});

test('phones of an earlier version open the first chat', () => {
  const text = '[{"key":3,"persona":"xiaohong","tab":"me","url":""}]';
  expect(loadPhones(stored(text), null)).toEqual([
    { key: 3, persona: 'xiaohong', tab: 'me', url: '', chat: null, launch: null },
  ]);
});

test('further phones belong to people who have none yet', () => {
  const first = newPhone([]);
  const second = newPhone([first]);
  const third = newPhone([first, second]);
  expect([first, second, third].map((phone) => [phone.key, phone.persona])).toEqual([
    [1, 'xiaoming'],
    [2, 'xiaohong'],
    [3, 'advisor-li'],
  ]);
});

test.each([
  ['localhost:3001/wechat/demo', 'http://localhost:3001/wechat/demo'],
  ['  https://a.cn/x?y=1#z ', 'https://a.cn/x?y=1#z'],
  ['', null],
  ['javascript:alert(1)', null],
  ['ftp://a.cn', null],
  ['http://', null],
])('%j is read as %j', (text, url) => {
  expect(readUrl(text)).toBe(url);
});

test('the cast takes the phones that are there and more', () => {
  const cast = castPhones([newPhone([])]);
  expect(cast.map(({ key, persona, tab }) => [key, persona, tab])).toEqual([
    [1, 'xiaohong', 'mini'],
    [2, 'advisor-li', 'mini'],
    [3, 'xiaoming', 'chat'],
  ]);
  expect(new Set(castPhones([]).map(({ key }) => key)).size).toBe(3);
});
