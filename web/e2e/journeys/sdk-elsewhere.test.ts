import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decide, launch, visit } from '../support/browser';
import { type Playground, startPlayground } from '../support/playground';
import { startSite } from '../support/static-site';

let playground: Playground;
let browser: Browser;
let site: Awaited<ReturnType<typeof startSite>>;
const made: Record<string, string> = {};

beforeAll(async () => {
  site = await startSite(made);
  [playground, browser] = await Promise.all([startPlayground({ CORS_ORIGIN: site.origin }), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await playground?.stop();
});

test.each([
  ['a cookie', {}],
  ['a bearer token', { session: 'token' }],
])(
  'the SDK on another origin logs in once though called twice, with the session in %s',
  async (_where, options) => {
    made['sdk-config.js'] =
      `window.SDK_OPTIONS = ${JSON.stringify({ baseUrl: playground.service, ...options })};`;
    const { context, page, complaints } = await visit(browser);
    const exchanges = async () =>
      (await playground.control<unknown[]>('GET', '/ledger?path=/sns/oauth2/access_token')).length;
    const before = await exchanges();
    await page.goto(`${site.origin}/sdk.html?boutique_id=7#/cart`);
    await page.locator('#status', { hasText: 'never_logged_in' }).waitFor();
    await page.locator('#login').click();
    await decide(page, 'xiaohong', 'allow');
    await page.locator('#status', { hasText: 'valid' }).waitFor();
    expect(await page.locator('#nickname').textContent()).toBe('小红');
    expect(page.url()).toBe(`${site.origin}/sdk.html?boutique_id=7#/cart`);
    expect(await exchanges()).toBe(before + 1);
    expect(await page.evaluate(() => localStorage.getItem('wechat_token') !== null)).toBe(
      'session' in options,
    );
    await page.reload();
    await page.locator('#status', { hasText: 'valid' }).waitFor();
    await page.locator('#logout').click();
    await page.locator('#status', { hasText: 'never_logged_in' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  },
);

test('an origin the service does not list is told so, not left hanging', async () => {
  const stranger = await startSite({
    'sdk-config.js': `window.SDK_OPTIONS = ${JSON.stringify({ baseUrl: playground.service })};`,
  });
  const { context, page } = await visit(browser);
  await page.goto(`${stranger.origin}/sdk.html?code=0123456789&state=abc`);
  await page.locator('#status', { hasText: 'NETWORK_FAILED' }).waitFor();
  await context.close();
  await stranger.stop();
});
