import { WeiqiaoError } from '@weiqiao/browser';
import { expect, test } from 'vitest';
import { explain } from './explain';

test('a used code names errcode and request id', () => {
  const problem = explain(
    new WeiqiaoError('CODE_USED', '微信登录失败: wechat api error: 40163 - code been used', {
      status: 500,
      errcode: 40163,
      errmsg: 'code been used',
      requestId: 'req-7',
      serverCode: 'WECHAT_API_ERROR',
    }),
  );
  expect(problem.what).toBe('授权码已被使用');
  expect(problem.next).toContain('开始微信授权');
  expect(problem.retry).toBe(false);
  expect(problem.facts).toEqual([
    ['errcode', '40163'],
    ['errmsg', 'code been used'],
    ['HTTP', '500'],
    ['错误', 'WECHAT_API_ERROR'],
    ['请求编号', 'req-7'],
    ['服务原文', '微信登录失败: wechat api error: 40163 - code been used'],
  ]);
});

test('the hint of the service is the reason shown', () => {
  const problem = explain(
    new WeiqiaoError('WECHAT_REFUSED', '微信登录失败', { hint: '当前出口 IP 不在白名单', errcode: 40164 }),
  );
  expect(problem.why).toBe('当前出口 IP 不在白名单');
});

test('a wait is told in seconds', () => {
  const problem = explain(new WeiqiaoError('RATE_LIMITED', '', { retryAfter: 7 }));
  expect(problem).toMatchObject({ next: '请等待 7 秒后再试。', retry: true });
});

test('anything else is still explained', () => {
  expect(explain(new TypeError('x is undefined'))).toMatchObject({
    what: '页面出错了',
    why: 'x is undefined',
    facts: [],
  });
  expect(explain('text').why).toBe('text');
});

test('a page open at another address of the service names the right one', () => {
  const error = new WeiqiaoError('REDIRECT_NOT_ALLOWED', 'redirect_uri 不在允许的域名内', { status: 400 });
  const page = 'http://127.0.0.1:3001/wechat/demo?a=1&code=x&state=y';
  const problem = explain(error, { publicUrl: 'http://localhost:3001/', page });
  expect(problem.link).toBe('http://localhost:3001/wechat/demo?a=1');
  expect(problem.next).toContain('PUBLIC_URL');
  expect(explain(new WeiqiaoError('CODE_USED', ''), { publicUrl: 'http://localhost:3001/', page }).link).toBe(
    undefined,
  );
});

test.each([undefined, '', 'nonsense', 'javascript:alert(1)', 'http://127.0.0.1:3001/'])(
  'with PUBLIC_URL %s there is no better address',
  (publicUrl) => {
    const problem = explain(new WeiqiaoError('REDIRECT_NOT_ALLOWED', ''), {
      publicUrl,
      page: 'http://127.0.0.1:3001/wechat/demo',
    });
    expect(problem.link).toBeUndefined();
    expect(problem.next).toContain('OAUTH_REDIRECT_HOSTS');
  },
);

test('a browser that keeps nothing is told how to allow it', () => {
  const problem = explain(new WeiqiaoError('STORAGE_UNAVAILABLE', 'x'));
  expect(problem.what).toContain('浏览器');
  expect(problem.next).toContain('允许');
});
