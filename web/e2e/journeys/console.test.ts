import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESK, launch, PHONE, picture, sideways, visit } from '../support/browser';
import { unreadable } from '../support/contrast';
import { API_KEY, type Playground, startPlayground } from '../support/playground';

const PASSWORD = 'weiqiao-playground';

let playground: Playground;
let browser: Browser;

beforeAll(async () => {
  [playground, browser] = await Promise.all([startPlayground(), launch()]);
  // Something to look at: a message nobody subscribed to.
  const message = {
    touser: 'oNobodyOfThisName0000000000',
    template_id: 'none',
    data: { thing1: { value: '你好' } },
  };
  await fetch(`${playground.service}/api/message/send`, {
    method: 'POST',
    headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
});
afterAll(async () => {
  await browser?.close();
  await playground?.stop();
});

describe.each([
  ['at a desk', DESK, 'light'],
  ['on a phone', PHONE, 'dark'],
] as const)('the console %s', (_where, size, scheme) => {
  test('a member of staff logs in with the keyboard, sees how it goes, stays, and leaves', async () => {
    const { context, page, complaints } = await visit(browser, size, scheme);
    await page.goto(`${playground.service}/console`);
    await page.getByRole('heading', { name: '登录控制台' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('username');
    await picture(page, 'console-1-login');
    expect(await unreadable(page)).toEqual([]);

    await page.keyboard.press('Enter');
    await page.getByText('请输入用户名').waitFor();
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('用户名或密码错误').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('password');
    await picture(page, 'console-2-wrong');
    expect(await unreadable(page)).toEqual([]);

    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '概览' }).waitFor();
    await page.locator('#tile-actions .figure').waitFor();
    expect(await page.locator('#who').textContent()).toContain('管理员');
    expect(await page.locator('#environment').textContent()).toBe('模拟');
    expect(await page.locator('.account').count()).toBeGreaterThan(1);
    // Figures that have a place lead there, the others lead nowhere; what the console cannot do yet is said.
    expect(await page.locator('#tile-actions a, #tile-leads a').count()).toBe(0);
    await page.locator('#tile-failed a').click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('attempts');
    expect(
      await page.locator('#attempts').evaluate((one) => one.getBoundingClientRect().top),
    ).toBeGreaterThan(40);
    expect(await page.locator('.attempt').first().textContent()).toContain('第 1 次');
    for (const link of await page.locator('main a').all()) {
      const to = new URL((await link.getAttribute('href')) ?? '', page.url());
      if (to.hash) expect(await page.locator(to.hash).count()).toBe(1);
      else expect((await fetch(to)).status).toBe(200);
    }
    await page.getByText('控制台目前只有这一页概览').waitFor();
    await picture(page, 'console-3-overview');
    expect(await unreadable(page)).toEqual([]);
    expect(await sideways(page)).toBeLessThanOrEqual(0);

    const cookie = (await context.cookies()).find(({ name }) => name.startsWith('adm-'));
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', expires: -1 });
    expect(await page.evaluate(() => document.cookie.includes('adm-'))).toBe(false);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);

    await page.reload();
    await page.getByRole('heading', { name: '概览' }).waitFor();
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByText('已退出登录').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '登录控制台' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('too many wrong passwords: the page says for how long the door is shut', async () => {
  const { context, page, complaints } = await visit(browser, PHONE);
  await page.goto(`${playground.service}/console`);
  await page.getByLabel('用户名').fill('somebody');
  for (let guess = 0; guess < 5; guess++) {
    await page.getByLabel('密码', { exact: true }).fill(`guess number ${guess}`);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('用户名或密码错误').waitFor();
  }
  await page.getByLabel('密码', { exact: true }).fill('guess number 6');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('登录尝试次数过多，请稍后再试').waitFor();
  expect(await page.locator('#login').textContent()).toMatch(/^请等待 (1 分 00|\d+) 秒$/);
  expect(await page.locator('#login').isDisabled()).toBe(true);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('username');
  await picture(page, 'console-4-locked');

  // Somebody else at the same browser does not wait.
  await page.getByLabel('用户名').fill('admin');
  expect(await page.locator('#login').textContent()).toBe('登录');
  expect(await page.locator('#login-message').isHidden()).toBe(true);
  await page.getByLabel('用户名').fill(' SomeBody');
  expect(await page.locator('#login').isDisabled()).toBe(true);
  await page.getByText('登录尝试次数过多，请稍后再试').waitFor();
  await page.getByLabel('用户名').fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByLabel('密码', { exact: true }).press('Enter');
  await page.getByRole('heading', { name: '概览' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a one-time link sets a password; the token does not stay in the address', async () => {
  const token = await adminToken();
  const made = await admin<{ setup: { url: string } }>(token, 'POST', '/api/admin/staff', {
    username: 'lina',
    name: '李娜',
    role: 'viewer',
  });
  const { context, page, complaints } = await visit(browser);
  await page.goto(made.setup.url);
  await page.getByRole('heading', { name: '设置您的密码' }).waitFor();
  expect(page.url()).not.toContain('setup');
  expect(await page.getByLabel('用户名').inputValue()).toBe('lina');
  await page.getByLabel('新密码').fill('too short');
  await page.getByRole('button', { name: '设置密码' }).click();
  await page.getByText('密码至少 12 个字符').waitFor();
  await page.getByLabel('新密码').fill('quiet river at noon');
  await page.getByLabel('再输入一次').fill('quiet river at noon');
  await picture(page, 'console-5-setup');
  await page.getByRole('button', { name: '设置密码' }).click();
  await page.getByText('密码已设置，请登录。').waitFor();
  expect(await page.getByLabel('用户名').inputValue()).toBe('lina');
  await page.getByLabel('密码', { exact: true }).fill('quiet river at noon');
  await page.getByLabel('密码', { exact: true }).press('Enter');
  await page.getByRole('heading', { name: '概览' }).waitFor();
  expect(await page.locator('#who').textContent()).toContain('只读');
  // The link has been used: it says so before anybody thinks of a password.
  const late = await context.newPage();
  await late.goto(made.setup.url);
  await late.getByRole('heading', { name: '这个链接不能用了' }).waitFor();
  await picture(late, 'console-7-dead-link');
  await late.close();

  // Shut out while the page is open: the next look says so.
  const list = await admin<{ items: { id: string }[] }>(token, 'GET', '/api/admin/staff?username=lina');
  await admin(token, 'PATCH', `/api/admin/staff/${list.items[0]?.id}`, { disabled: true });
  await page.getByRole('button', { name: '刷新' }).click();
  await page.getByText('登录已过期，请重新登录。').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('the first admin: the token says whose password is set', async () => {
  const fresh = await startPlayground({ ADMIN_PASSWORD: '', ADMIN_USERNAME: 'boss' });
  const { context, page, complaints } = await visit(browser, PHONE);
  await page.goto(`${fresh.service}/console`);
  await page.getByRole('heading', { name: '设置第一个管理员' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('请输入一次性令牌').waitFor();
  await page.getByLabel('一次性令牌').fill('not the token of this service');
  await page.keyboard.press('Enter');
  await page.getByText('初始化令牌无效或已使用').waitFor();
  const token = (await readFile(join(fresh.data, 'setup-token'), 'utf8')).trim();
  await page.getByLabel('一次性令牌').fill(token);
  await page.keyboard.press('Enter');
  await page.getByText('为 boss 设置密码').waitFor();
  expect(await page.getByLabel('用户名').inputValue()).toBe('boss');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('new-password');
  await picture(page, 'console-8-first-admin');
  expect(await sideways(page)).toBe(0);
  await page.getByLabel('新密码').fill('quiet river at noon');
  await page.getByLabel('再输入一次').fill('quiet river at noon');
  await page.keyboard.press('Enter');
  await page.getByText('密码已设置，请登录。').waitFor();
  expect(await page.getByLabel('用户名').inputValue()).toBe('boss');
  expect(complaints).toEqual([]);
  await context.close();
  await fresh.stop();
});

test('the network is down: the page says so, and goes on when it is back', async () => {
  const { context, page } = await visit(browser, PHONE);
  await page.goto(`${playground.service}/console`);
  await page.getByLabel('用户名').fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  // What it says is how long a session lasts.
  await page.getByText('连续 3 天没有使用、或登录满 14 天才退出；不勾选是 30 分钟和 12 小时').waitFor();
  await page.getByLabel(/^记住我/).check();
  await context.setOffline(true);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('连接不上服务').waitFor();
  await picture(page, 'console-6-offline');
  await context.setOffline(false);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { name: '概览' }).waitFor();
  const cookie = (await context.cookies()).find(({ name }) => name.startsWith('adm-'));
  expect((cookie?.expires ?? 0) - Date.now() / 1000).toBeGreaterThan(13 * 86_400);
  await context.close();
});

async function adminToken(): Promise<string> {
  const body = JSON.stringify({ username: 'admin', password: PASSWORD });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${playground.service}/api/auth/login`, { method: 'POST', headers, body });
  return ((await answer.json()) as { data: { access_token: string } }).data.access_token;
}

async function admin<T>(token: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${playground.service}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return ((await answer.json()) as { data: T }).data;
}
