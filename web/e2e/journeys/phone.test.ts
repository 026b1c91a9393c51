import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DESK, launch, PHONE, picture, sideways, visit } from '../support/browser';
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
beforeEach(() => playground.control('POST', '/reset', {}));

async function openPhone(page: Page, query = ''): Promise<void> {
  await page.goto(`${playground.wechat}/${query}`);
  await page.locator('#online', { hasText: '已连接' }).waitFor();
  await page.locator('#owner-1 option').first().waitFor({ state: 'attached' });
}

const demoIn = (page: Page, phone: number) => page.frameLocator(`[data-phone="${phone}"] iframe`);

/** Logs in inside a phone; its owner is already chosen on the consent page. */
async function logInOn(page: Page, phone: number): Promise<void> {
  const frame = demoIn(page, phone);
  await frame.locator('#login').click();
  await frame.locator('button[name="decision"][value="allow"]').click();
  await frame.locator('#step-check[data-status="done"]').waitFor();
}

test('two people log in side by side, each as the owner of the phone, and the calls appear as they happen', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  const demo = `${playground.service}/wechat/demo`;
  await openPhone(page, `?url=${encodeURIComponent(demo)}`);
  expect(await page.locator('.ledger .empty').textContent()).toContain('还没有人调用过模拟微信');
  await page.locator('#owner-1').selectOption('xiaohong');
  await logInOn(page, 1);
  expect(await demoIn(page, 1).locator('#nickname').textContent()).toBe('小红');
  await page.locator('.ledger code.path', { hasText: '/sns/oauth2/access_token' }).first().waitFor();
  await page.locator('.ledger code.path', { hasText: '/sns/userinfo' }).first().waitFor();
  await picture(page, 'phone-browser');

  await page.locator('#phone-1-me').click();
  const { openids } = await playground.control<{ openids: Record<string, string> }>(
    'GET',
    '/personas/xiaohong',
  );
  expect(await page.locator('[data-phone="1"] .openid').first().textContent()).toBe(openids.official);
  await page.locator('#add-phone').click();
  expect(await page.locator('#owner-2').inputValue()).toBe('xiaoming');
  await page.locator('#phone-2-me').click();
  await picture(page, 'phone-two');
  expect(complaints).toEqual([]);
  await context.close();
});

test('the demo page is opened where the service really is, or the phone says how to tell', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  await openPhone(page);
  await page.locator('#phone-1-browser').click();
  await page.locator('#demo-1').click();
  await demoIn(page, 1).locator('#login').waitFor();
  expect(await page.locator('#address-1').inputValue()).toBe(`${playground.service}/wechat/demo`);
  await playground.control('POST', '/settings', { service_url: null });
  await page.locator('#add-phone').click();
  await page.locator('#phone-2-browser').click();
  await page.locator('[data-phone="2"] .phone-page', { hasText: '--service-url' }).waitFor();
  expect(await page.locator('#demo-2').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a code from the 我 tab logs in through the API, once', async () => {
  const { context, page } = await visit(browser, DESK);
  await openPhone(page);
  await page.locator('#phone-1-me').click();
  await page.locator('#code-1-official-snsapi_userinfo').click();
  const code = await page.locator('[data-phone="1"] .code-result code').textContent();
  const post = () =>
    fetch(`${playground.service}/api/wechat/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
  const first = await post();
  expect(first.status).toBe(200);
  expect((await first.json()).data.user_info.nickname).toBe('小明');
  expect((await post()).status).toBe(400);
  await context.close();
});

test('an injected failure is met, shown in red and explained in Chinese', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  await openPhone(page, `?url=${encodeURIComponent(`${playground.service}/wechat/demo`)}`);
  await page.locator('#tab-faults').click();
  await page.locator('#preset-code-used').click();
  await page.locator('[data-fault]').waitFor();
  await picture(page, 'phone-faults');
  const frame = demoIn(page, 1);
  await frame.locator('#login').click();
  await frame.locator('button[name="decision"][value="allow"]').click();
  await frame.locator('.problem-what', { hasText: '授权码已被使用' }).waitFor();
  await page.locator('#panel-faults .faults .empty').waitFor();
  await page.locator('#tab-ledger').click();
  const row = page.locator('[data-call]', { hasText: '40163' }).first();
  await row.locator('summary').click();
  expect(await row.locator('.meaning').textContent()).toMatch(/这是故障 #\d+ 造成的/);
  expect(await row.locator('.meaning strong').textContent()).not.toContain('没有收录');
  await picture(page, 'phone-ledger');
  await page.locator('#ledger-filter').fill('userinfo');
  expect(await page.locator('[data-call]', { hasText: '40163' }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test('people are made and changed, markup in names stays text', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  await openPhone(page);
  await page.locator('#tab-people').click();
  await page.locator('#new-person').click();
  await page.locator('#person-nickname').fill('<img src=x onerror=alert(1)>');
  await page.locator('#person-id').fill('mallory');
  await page.locator('#person-save').click();
  const item = page.locator('.people li', { hasText: 'mallory' });
  await item.waitFor();
  expect(await item.locator('strong').textContent()).toBe('<img src=x onerror=alert(1)>');
  await item.getByRole('button', { name: '编辑' }).click();
  await page.locator('#person-city').fill('成都');
  await page.locator('#person-save').click();
  await page.locator('.people li', { hasText: '成都' }).waitFor();
  expect(await playground.control('GET', '/personas/mallory')).toMatchObject({ city: '成都' });
  await picture(page, 'phone-people');
  expect(complaints).toEqual([]);
  await context.close();
});

test('everything begins anew only when the question was answered with yes', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  const mallory = () =>
    playground
      .control<{ id: string }[]>('GET', '/personas')
      .then((all) => all.some(({ id }) => id === 'mallory'));
  await playground.control('POST', '/personas', { id: 'mallory', nickname: 'M' });
  await openPhone(page);
  await page.locator('#tab-snapshots').click();
  await page.locator('#reset').dblclick();
  await page.getByRole('alert').filter({ hasText: '不能撤销' }).waitFor();
  await picture(page, 'phone-reset');
  await page.getByRole('button', { name: '取消' }).click();
  expect(await mallory()).toBe(true);
  await page.locator('#reset').click();
  await page.getByRole('button', { name: '确定重置' }).click();
  await page.locator('#reset').waitFor();
  await expect.poll(mallory).toBe(false);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the overview asks before it throws everything away', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  await playground.control('POST', '/personas', { id: 'mallory', nickname: 'M' });
  await page.goto(`${playground.wechat}/panel`);
  expect(await unreadable(page)).toEqual([]);
  await page.getByRole('button', { name: '全部重置' }).click();
  // The visitor dismisses whatever asks, and remembers it.
  await expect.poll(() => complaints.length).toBe(1);
  expect(complaints[0]).toContain('不能撤销');
  expect(await playground.control('GET', '/personas/mallory')).toMatchObject({ nickname: 'M' });
  await context.close();
});

test('time moves and comes back; snapshots are kept and restored', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  await openPhone(page);
  await page.locator('#tab-snapshots').click();
  await page.locator('#snapshot-name').fill('之前');
  await page.locator('#snapshot-save').click();
  const kept = page.locator('#panel-snapshots li', { hasText: '之前' });
  await kept.waitFor();
  await page.locator('#tab-clock').click();
  await page.locator('#advance-24h').click();
  await page.locator('.top .badge', { hasText: '快 1 天' }).waitFor();
  await picture(page, 'phone-clock');
  await page.locator('#clock-real').click();
  await page.locator('.top .badge', { hasText: '快 1 天' }).waitFor({ state: 'detached' });
  await page.locator('#advance-2h').click();
  await page.locator('.top .badge', { hasText: '快 2 小时' }).waitFor();
  await page.locator('#tab-snapshots').click();
  await kept.getByRole('button').click();
  await page.locator('.top .badge', { hasText: '快 2 小时' }).waitFor({ state: 'detached' });
  await picture(page, 'phone-snapshots');
  expect(complaints).toEqual([]);
  await context.close();
});

test('what is no address is not opened, and the field says why', async () => {
  const { context, page, complaints } = await visit(browser, PHONE);
  await openPhone(page);
  await page.locator('#phone-1-browser').click();
  for (const wrong of ['not a url', 'javascript:alert(1)', 'ftp://files.example']) {
    await page.locator('#address-1').fill(wrong);
    await page.locator('#address-1').press('Enter');
    const said = await page
      .locator('#address-1')
      .evaluate((one) => (one as HTMLInputElement).validationMessage);
    expect([wrong, said]).toEqual([wrong, '请输入 http 或 https 网址']);
  }
  expect(await page.locator('iframe').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the page may run its own code only', async () => {
  const policy = (await fetch(playground.wechat)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe');
});

describe('on a narrow screen', () => {
  test('phones and panels take turns and nothing is cut off', async () => {
    const { context, page, complaints } = await visit(browser, PHONE);
    await openPhone(page);
    await page.locator('#phone-1-me').click();
    await picture(page, 'phone-me');
    for (const panel of ['ledger', 'people', 'faults', 'clock', 'snapshots', 'phones']) {
      await page.locator(`#tab-${panel}`).click();
      await page.locator(`#panel-${panel}`).waitFor();
      expect(await sideways(page)).toBe(0);
      expect(await unreadable(page)).toEqual([]);
      await picture(page, `phone-${panel}`);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
