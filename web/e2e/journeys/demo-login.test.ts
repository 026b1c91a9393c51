import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESK, decide, launch, PHONE, picture, sideways, visit } from '../support/browser';
import { unreadable } from '../support/contrast';
import { type Playground, startPlayground } from '../support/playground';

let playground: Playground;
let browser: Browser;

beforeAll(async () => {
  [playground, browser] = await Promise.all([startPlayground(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await playground?.stop();
});

describe.each([
  ['at a desk', DESK, '/wechat/frontend-driven'],
  ['on a phone', PHONE, '/wechat/demo'],
] as const)('the demo page %s', (_where, size, path) => {
  test('logs in, stays logged in, signs for the JS-SDK, logs in anew and out', async () => {
    const { context, page, complaints } = await visit(browser, size);
    const name = path.split('/').at(-1);
    await page.goto(`${playground.service}${path}?boutique_id=7`);
    await page.getByRole('button', { name: '开始微信授权' }).waitFor();
    expect(await page.locator('#session-status').textContent()).toBe('未登录');
    await picture(page, `${name}-1-start`);

    await page.getByRole('button', { name: '开始微信授权' }).click();
    await page.waitForURL(/\/connect\/oauth2\/authorize/);
    await picture(page, `${name}-2-consent`);
    expect(await unreadable(page)).toEqual([]);
    await decide(page, 'xiaoming', 'allow');
    await page.locator('#step-check[data-status="done"]').waitFor();
    expect(await page.locator('#nickname').textContent()).toBe('小明');
    expect(await page.locator('#session-status').textContent()).toBe('已登录');
    expect(await page.locator('.step[data-status="done"]').count()).toBe(6);
    expect(await page.locator('#step-state dd').last().textContent()).toBe('一致');
    expect(page.url()).toBe(`${playground.service}${path}?boutique_id=7`);

    const openid = await page.evaluate(() => localStorage.getItem('wechat_openid'));
    expect(openid).toBe(await openidOf('xiaoming'));
    expect(await page.locator('#openid').textContent()).not.toBe(openid);
    await page.getByRole('button', { name: '显示完整 openid' }).click();
    expect(await page.locator('#openid').textContent()).toBe(openid);
    await page.getByRole('button', { name: '隐藏完整 openid' }).click();

    await page.reload();
    await page.locator('#step-check[data-status="done"]').waitFor();
    expect(await page.locator('#nickname').textContent()).toBe('小明');
    expect(await exchanges()).toBe(await countOfLogins());

    await page.getByRole('button', { name: '配置 JS-SDK' }).click();
    await page.locator('#jssdk-status', { hasText: '签名有效' }).waitFor();
    await page.getByLabel('标题').fill('分享 <b>标题</b>');
    await page.getByRole('button', { name: '设置分享卡片' }).click();
    await page.locator('#share-result').waitFor();
    expect(await page.locator('#share-result strong').textContent()).toBe('分享 <b>标题</b>');
    const cards = await playground.control<{ api: string; link: string }[]>('GET', '/shares');
    expect(new Set(cards.map((card) => card.api))).toEqual(
      new Set(['updateAppMessageShareData', 'updateTimelineShareData']),
    );
    expect(cards.at(-1)?.link).toBe(`${playground.service}${path}?boutique_id=7`);
    await picture(page, `${name}-3-logged-in`);
    expect(await sideways(page)).toBe(0);
    expect(await unreadable(page)).toEqual([]);

    await page.getByRole('button', { name: '强制重新授权' }).click();
    await decide(page, 'xiaohong', 'allow');
    await page.locator('#nickname', { hasText: '小红' }).waitFor();

    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByRole('button', { name: '开始微信授权' }).waitFor();
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('wechat_'))),
    ).toEqual([]);
    const cookies = await context.cookies(playground.service);
    expect(cookies.filter((cookie) => cookie.name === 'weiqiao_session' && cookie.value)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('the whole way works by keyboard alone, in the dark', async () => {
  const { context, page, complaints } = await visit(browser, DESK, 'dark');
  await page.goto(`${playground.service}/wechat/demo`);
  await page.getByRole('button', { name: '开始微信授权' }).waitFor();
  await tabTo(page, '#login');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/connect\/oauth2\/authorize/);
  await tabTo(page, 'button[value="allow"]');
  await page.keyboard.press('Enter');
  await page.locator('#step-check[data-status="done"]').waitFor();
  await tabTo(page, '#configure');
  await page.keyboard.press('Enter');
  await page.locator('#jssdk-status', { hasText: '签名有效' }).waitFor();
  await tabTo(page, '#share-title');
  await tabTo(page, '#logout');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '开始微信授权' }).waitFor();
  await picture(page, 'demo-dark');
  expect(complaints).toEqual([]);
  await context.close();
});

test('the session is in a cookie scripts cannot read, and no token is in reach', async () => {
  const { context, page } = await visit(browser);
  await page.goto(`${playground.service}/wechat/demo`);
  await page.getByRole('button', { name: '开始微信授权' }).click();
  await decide(page, 'advisor-li', 'allow');
  await page.locator('#step-check[data-status="done"]').waitFor();
  const session = (await context.cookies(playground.service)).find(
    (cookie) => cookie.name === 'weiqiao_session',
  );
  expect(session?.httpOnly).toBe(true);
  const readable = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.body.textContent]),
  );
  expect(readable.includes(session?.value ?? 'no session')).toBe(false);
  expect(readable.includes('weiqiao_session=')).toBe(false);
  await context.close();
});

test('the page may run its own code and the JS-SDK only', async () => {
  for (const path of ['/wechat/demo', '/wechat/frontend-driven']) {
    const answer = await fetch(playground.service + path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' http:\/\/\S+;/);
    expect(policy).not.toContain('unsafe');
    expect(await answer.text()).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i);
  }
});

test('two tabs know the same login, and a button pressed twice begins one', async () => {
  const { context, page, complaints } = await visit(browser);
  const asked: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/api/wechat/authorize-url')) asked.push(request.url());
  });
  const address = `${playground.service}/wechat/frontend-driven`;
  await page.goto(address);
  const other = await context.newPage();
  await other.goto(address);
  await other.getByRole('button', { name: '开始微信授权' }).waitFor();
  await page.getByRole('button', { name: '开始微信授权' }).dblclick();
  await decide(page, 'xiaohong', 'allow');
  await page.locator('#step-check[data-status="done"]').waitFor();
  expect(asked).toHaveLength(1);
  await other.locator('#session-status', { hasText: '已登录' }).waitFor();
  expect(await other.locator('#nickname').textContent()).toBe('小红');
  await other.getByRole('button', { name: '退出登录' }).click();
  await page.locator('#session-status', { hasText: '未登录' }).waitFor();
  expect(await page.locator('.step[data-status="done"]').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

async function openidOf(persona: string): Promise<string | undefined> {
  const view = await playground.control<{ openids: Record<string, string> }>('GET', `/personas/${persona}`);
  return view.openids.official;
}

/** Calls that exchanged a code, and codes people allowed: the demo page must need one for each. */
async function exchanges(): Promise<number> {
  return (await playground.control<unknown[]>('GET', '/ledger?path=/sns/oauth2/access_token')).length;
}

async function countOfLogins(): Promise<number> {
  const state = await playground.control<{ codes: { used: number } }>('GET', '/state');
  return state.codes.used;
}

/** Presses Tab until the element has the focus; fails when it cannot be reached. */
async function tabTo(page: import('playwright-core').Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached by keyboard`);
}
