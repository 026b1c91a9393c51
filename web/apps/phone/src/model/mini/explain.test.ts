import { expect, test } from 'vitest';
import { DISCONNECTED, explain } from './explain';

const ended = (status: number, data: unknown = {}, more = {}) =>
  explain({ status, failure: '', data, service: 'http://s', ...more });

test('what went well needs no words', () => {
  expect(ended(200)).toBeNull();
});

test('the service’s own words and hint come first', () => {
  const data = {
    message: '发送消息失败: user refuse to accept the msg',
    request_id: 'r1',
    error: {
      code: 'SEND_MESSAGE_FAILED',
      errcode: 43101,
      errmsg: 'user refuse',
      hint: '请用户再订阅一次',
      retryable: false,
    },
  };
  expect(ended(500, data)).toEqual({
    title: '微信拒绝了，或者服务出错',
    why: '发送消息失败: user refuse to accept the msg',
    next: '请用户再订阅一次',
    retry: false,
    facts: [
      ['error.code', 'SEND_MESSAGE_FAILED'],
      ['errcode', '43101'],
      ['errmsg', 'user refuse'],
      ['request_id', 'r1'],
    ],
  });
});

test('fields that are wrong are named', () => {
  const details = [{ field: 'advisorId', rule: 'required', message: 'advisorId 不能为空' }, null];
  expect(ended(400, { message: '请求参数错误', error: { details } })?.why).toBe('advisorId 不能为空');
});

test('an answer that is no envelope still gets a sentence', () => {
  expect(ended(502, '<html>')).toMatchObject({ title: 'HTTP 502', why: '服务没有说明原因。', facts: [] });
  expect(ended(503)).toMatchObject({ retry: true });
  expect(ended(404)?.next).toContain('/docs');
});

test('without an answer it says where the call went, or that nobody said where to', () => {
  expect(ended(0, null, { failure: 'connection failed' })).toMatchObject({
    title: '连不上服务',
    retry: true,
  });
  expect(ended(0, null, { failure: 'timeout' })?.title).toBe('服务太久没有回答');
  expect(ended(0, null, { service: null })?.next).toContain('--service-url');
});

test('no network at all: what was written stays, and what to do is said', () => {
  const told = ended(0, null, { failure: DISCONNECTED });
  expect(told).toMatchObject({ title: '没有网络', retry: true });
  expect(told?.next).toContain('填好的内容还在');
});

test('staff are never told to call wx.login, and a wrong password is not tried again by itself', () => {
  const wrong = { message: '用户名或密码错误', error: { code: 'INVALID_CREDENTIALS' } };
  const told = ended(401, wrong, { staff: true });
  expect(told).toMatchObject({ title: '没有登录成功', why: '用户名或密码错误', retry: false });
  expect(told?.next).toContain('核对用户名和密码');
  const shut = { message: '登录尝试次数过多，请稍后再试', error: { code: 'TOO_MANY_ATTEMPTS' } };
  expect(ended(429, shut, { staff: true })).toMatchObject({ title: '登录暂时关闭', retry: false });
  expect(ended(401, {}, { staff: true })?.next).toContain('员工的用户名');
  expect(ended(403, {}, { staff: true })?.next).toContain('有权限的员工');
  expect(ended(401)?.next).toContain('wx.login');
});
