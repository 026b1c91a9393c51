import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, launch, picture, visit } from '../support/browser';
import { API_KEY, type Playground, startPlayground } from '../support/playground';

let playground: Playground;
let browser: Browser;

beforeAll(async () => {
  [playground, browser] = await Promise.all([startPlayground(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await playground?.stop();
});

async function make(what: 'rules' | 'webhooks', body: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${playground.service}/api/admin/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': API_KEY },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBe(201);
}

const addRule = (match: Record<string, unknown>, reply: Record<string, unknown>) =>
  make('rules', { match, reply });

test('the real service answers by its rules, in safe mode, and the phone can read every step', async () => {
  await addRule({ on: 'text', equals: '几点开门' }, { type: 'text', content: '早上九点 🌉' });
  const { context, page, complaints } = await visit(browser, DESK);
  await page.goto(playground.wechat);
  await page.locator('#follow-chat-1').click();
  const log = page.locator('[data-phone="1"] .chat-log');
  await log.locator('.in .bubble', { hasText: '欢迎关注' }).waitFor();
  await page.locator('#say-1').fill('hello');
  await page.locator('#send-1').click();
  // The playground has a rule for this word from the start.
  await log.locator('.in .bubble', { hasText: '微桥的自动回复' }).waitFor();
  await page.locator('#say-1').fill('几点开门');
  await page.locator('#send-1').click();
  await log.locator('.in .bubble', { hasText: '早上九点 🌉' }).waitFor();
  await page.locator('#say-1').fill('人工');
  await page.locator('#send-1').click();
  await log.locator('.chip', { hasText: '已转接人工客服' }).waitFor();
  await picture(page, 'chat-service');
  await log.locator('.out .raw').first().click();
  const sheet = page.locator('.chat-sheet');
  await sheet.locator('.pill', { hasText: '安全模式' }).waitFor();
  await sheet.locator('details summary').click();
  expect(await sheet.locator('.steps').textContent()).toContain('Encrypt');
  await sheet.locator('h4', { hasText: '解密后的回复' }).waitFor();
  await sheet.locator('pre', { hasText: '微桥的自动回复' }).waitFor();
  await sheet.locator('.steps').scrollIntoViewIfNeeded();
  await picture(page, 'chat-service-sheet');
  expect(complaints).toEqual([]);
  await context.close();
});
