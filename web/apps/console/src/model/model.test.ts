import { describe, expect, test } from 'vitest';
import { createApi } from './api';
import { passwordProblem } from './password';
import { Problem } from './problem';
import { setupToken } from './setup-link';
import { waitText } from './wait';
import { holdText, partWord, tokenWord, verdictWord } from './words';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers }));

describe('calls', () => {
  test('a success gives its data, and the login asks for a cookie', async () => {
    const sent: RequestInit[] = [];
    const api = createApi((_path, init) => {
      sent.push(init ?? {});
      return answer(200, { success: true, data: { user: { username: 'li' } } });
    });
    expect((await api.logIn('li', 'secret', true)).user.username).toBe('li');
    expect(JSON.parse(String(sent[0]?.body))).toEqual({
      username: 'li',
      password: 'secret',
      remember: true,
      cookie: true,
    });
    expect(sent[0]?.credentials).toBe('same-origin');
  });

  test.each([
    [401, 'INVALID_CREDENTIALS', 'wrong'],
    [429, 'TOO_MANY_ATTEMPTS', 'locked'],
    [429, 'TOO_MANY_REQUESTS', 'busy'],
    [401, 'UNAUTHORIZED', 'expired'],
    [403, 'FORBIDDEN', 'forbidden'],
    [400, 'VALIDATION_FAILED', 'invalid'],
    [503, 'DATABASE_UNAVAILABLE', 'server'],
  ])('%i %s is %s', async (status, code, trouble) => {
    const failure = { success: false, message: '说明', error: { code }, request_id: 'r-1' };
    const api = createApi(() => answer(status, failure, { 'retry-after': '60' }));
    const problem = await api.me().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ trouble, waitSeconds: 60, requestId: 'r-1' });
  });

  test('no answer and nonsense are said, not thrown about', async () => {
    const offline = createApi(() => Promise.reject(new TypeError('fetch failed')));
    await expect(offline.me()).rejects.toMatchObject({ trouble: 'offline', message: '连接不上服务' });
    const nonsense = createApi(() => Promise.resolve(new Response('<html>', { status: 502 })));
    await expect(nonsense.me()).rejects.toMatchObject({ trouble: 'server', message: '服务出错了' });
  });
});

test('times are said in words', () => {
  expect([0, 0.2, 59, 60, 605, 3600, 86_340].map(waitText)).toEqual([
    '0 秒',
    '1 秒',
    '59 秒',
    '1 分 00 秒',
    '10 分 05 秒',
    '1 小时 00 分',
    '23 小时 59 分',
  ]);
});

test('words nobody knows are shown as they are', () => {
  expect(tokenWord('good')).toEqual({ text: '正常', tone: 'green' });
  expect(tokenWord('new')).toEqual({ text: 'new', tone: '' });
  expect(verdictWord(null).text).toBe('进行中');
  expect(holdText('quota')).toContain('额度');
  expect(partWord('down').tone).toBe('red');
});

test('a set-up link carries its token behind the #', () => {
  const token = 'q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c';
  expect(setupToken(`#setup=${token}`)).toBe(token);
  for (const junk of ['', '#', '#setup=', '#setup=short', '#setup=<script>alert(1)</script>xxxxxx'])
    expect(setupToken(junk)).toBeUndefined();
});

test('a password is long enough, not too long, and typed twice', () => {
  expect(passwordProblem('short', 'short')).toContain('至少 12');
  expect(passwordProblem('x'.repeat(129), 'x'.repeat(129))).toContain('最多 128');
  expect(passwordProblem('quiet river at noon', 'quiet river')).toContain('不一样');
  expect(passwordProblem('一二三四五六七八九十百千', '一二三四五六七八九十百千')).toBeUndefined();
});
