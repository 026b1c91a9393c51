import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decide, launch, picture, visit } from '../support/browser';
import { type Playground, startPlayground } from '../support/playground';
import { startSite } from '../support/static-site';

let playground: Playground;
let browser: Browser;
let site: Awaited<ReturnType<typeof startSite>>;

beforeAll(async () => {
  [playground, browser] = await Promise.all([startPlayground(), launch()]);
  const { app_id } = await playground.control<{ app_id: string }>('GET', '/accounts/official');
  const facts = { apiBase: playground.service, appId: app_id, openBase: playground.wechat };
  site = await startSite({ 's1-config.js': `window.S1_CONFIG = ${JSON.stringify(facts)};` });
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await playground?.stop();
});

test('a page written by hand logs in on its own origin, and is still logged in after a reload', async () => {
  const { context, page, complaints } = await visit(browser);
  await page.goto(`${site.origin}/s1-login.html?boutique_id=7`);
  await page.locator('#status', { hasText: '需要授权' }).waitFor();
  await page.locator('#login').click();
  await decide(page, 'xiaoming', 'allow');
  await page.locator('#status', { hasText: '已登录' }).waitFor();
  expect(await page.locator('#nickname').textContent()).toBe('小明');
  expect(page.url()).toBe(`${site.origin}/s1-login.html?boutique_id=7`);
  await picture(page, 's1-snippets');
  await page.reload();
  await page.locator('#status', { hasText: '已登录' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a forged state never reaches WeChat', async () => {
  const { context, page } = await visit(browser);
  const exchanges = async () =>
    (await playground.control<unknown[]>('GET', '/ledger?path=/sns/oauth2/access_token')).length;
  const before = await exchanges();
  await page.goto(`${site.origin}/s1-login.html?code=whatever&state=forged`);
  await page.locator('#status', { hasText: '失败：state 校验失败' }).waitFor();
  expect(await exchanges()).toBe(before);
  await context.close();
});

test('a refused code tells the documented text', async () => {
  const { context, page } = await visit(browser);
  await page.goto(`${site.origin}/s1-login.html`);
  await page.locator('#status', { hasText: '需要授权' }).waitFor();
  await page.locator('#login').click();
  await page.waitForURL(/\/connect\/oauth2\/authorize/);
  await page.locator('details.advanced summary').click();
  await page.locator('input[name="expired"]').check();
  await decide(page, 'xiaoming', 'allow');
  const status = page.locator('#status', { hasText: '失败' });
  await status.waitFor();
  expect(await status.textContent()).toMatch(/^失败：微信登录失败: wechat api error: (40029|42003) - /);
  await context.close();
});
