import { createServer } from 'node:http';
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

/** Longer than WeChat waits, and than the service lets it wait. */
const TOO_LONG_MS = 5200;

/** Somebody's program that is asked for the reply and takes its time. */
async function startSlowProgram(text: string): Promise<{ url: string; stop(): void }> {
  const server = createServer((_request, response) => {
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'text', content: text }));
    }, TOO_LONG_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the program has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

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

test('an answer that takes longer than WeChat waits comes as a customer-service message', async () => {
  const program = await startSlowProgram('查到了：周三上午有空');
  await make('webhooks', {
    name: '慢程序',
    url: program.url,
    events: ['wechat.message.text'],
    synchronous: true,
  });
  const { context, page, complaints } = await visit(browser, DESK);
  await page.goto(playground.wechat);
  await page.locator('#owner-1').selectOption('xiaohong');
  await page.locator('#follow-chat-1').click();
  await page.locator('#say-1').fill('什么时候有空？');
  await page.locator('#send-1').click();
  const log = page.locator('[data-phone="1"] .chat-log');
  // Answered in time with nothing: WeChat neither tries again nor complains.
  await log.locator('.out .standing', { hasText: '已送达，没有回复' }).waitFor();
  expect(await log.locator('.tries').count()).toBe(0);
  await log.locator('.in .bubble', { hasText: '周三上午有空' }).waitFor();
  await log.locator('.chat-meta', { hasText: '客服消息' }).waitFor();
  await picture(page, 'chat-service-late');
  expect(complaints).toEqual([]);
  await context.close();
  program.stop();
});
