import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visit } from '../support/browser';
import { MiniPhone, TEMPLATE } from '../support/mini-phone';
import { type Playground, startPlayground } from '../support/playground';

let playground: Playground;
let browser: Browser;

const APP_ID = 'wx6a3b9c0d1e2f4587';
const secret = () => randomBytes(24).toString('base64url');

/** A mini program of one's own, as in production, except that WeChat is the emulator. */
beforeAll(async () => {
  const appSecret = randomBytes(16).toString('hex');
  [playground, browser] = await Promise.all([
    startPlayground({}, ({ wechat }) => ({
      AUTH_MODE: 'strict',
      API_HOST: '127.0.0.1',
      SESSION_SECRET: secret(),
      JWT_SECRET: secret(),
      API_KEY: secret(),
      ADMIN_PASSWORD: secret(),
      WECHAT_MINI_APP_ID: APP_ID,
      WECHAT_MINI_APP_SECRET: appSecret,
      ...Object.fromEntries(['API', 'OPEN', 'MP'].map((base) => [`WECHAT_${base}_BASE`, wechat])),
      ALLOW_CUSTOM_WECHAT_BASE: 'on',
      ADVISOR_SELF_REGISTER: 'on',
      CORS_ORIGIN: wechat,
    })),
    launch(),
  ]);
  await playground.control('POST', '/accounts', {
    name: 'mini',
    kind: 'mini',
    app_id: APP_ID,
    app_secret: appSecret,
    title: '我的小程序',
  });
  const fields = ['thing1', 'time2', 'thing3', 'thing7'];
  const template = { account: 'mini', template_id: TEMPLATE, title: '客户动态提醒', fields };
  await playground.control('POST', '/templates', template);
});
afterAll(async () => {
  await browser?.close();
  await playground?.stop();
});

/** The owner of the advisor, who has subscribed first. */
async function owner(page: Page, key: number): Promise<MiniPhone> {
  const phone = await MiniPhone.open(page, playground, 'advisor-li', key);
  await phone.start('notify');
  await phone.logIn();
  await phone.subscribe();
  return phone;
}

test('in strict mode the session is all the mini program needs, and one that is spoilt is renewed unseen', async () => {
  const { context, page, complaints } = await visit(browser);
  await owner(page, 1);
  await page.locator('#mp-close-1').click();
  const phone = await MiniPhone.open(page, playground, 'xiaohong', 1);
  await phone.start();
  await phone.logIn();
  await phone.tap('open-advisor-li');
  await phone.text('会提醒李静：您来看过');
  await page.locator('#dev-1-storage').click();
  await page.locator('#stored-1-session summary').click();
  const field = page.locator('#storage-1-session');
  const session = JSON.parse(await field.inputValue()) as { token: string };
  await field.fill(JSON.stringify({ ...session, token: 'spoilt' }));
  await page.locator('#storage-save-1-session').click();
  await page.locator('#dev-1-storage').click();
  await phone.tap('contact');
  await phone.fill('phone', '13900000009');
  await phone.tap('submit');
  await phone.text('您是新客户');
  await page.locator('#dev-1-requests').click();
  const rows = page.locator('.mini-drawer summary');
  expect(await rows.locator('.path').allTextContents()).toEqual([
    '/api/customer/action',
    '/api/wechat/openid',
    '/api/customer/action',
    '/api/customer/action',
    '/api/wechat/openid',
  ]);
  expect(await rows.locator('.pill').allTextContents()).toEqual(['200', '200', '401', '200', '200']);
  expect(complaints).toEqual([]);
  await context.close();
});

test('nobody subscribes for somebody else’s advisor; their owner does, and is told of the customer', async () => {
  const { context, page, complaints } = await visit(browser);
  const stranger = await MiniPhone.open(page, playground, 'xiaoming', 1);
  await stranger.start('notify');
  await stranger.logIn();
  await stranger.tap('subscribe');
  await page.locator('#subscribe-allow-1').click();
  await stranger.text('这个顾问属于另一个用户');
  await stranger.text('ADVISOR_TAKEN');
  await page.locator('#add-phone').click();
  const advisor = await owner(page, 2);
  await page.locator('#mp-menu-1').click();
  await page.locator('#launch-1-resume').click();
  await stranger.text('会提醒李静：您来看过');
  await advisor.banner('客户查看了您的简历');
  expect(complaints).toEqual([]);
  await context.close();
});
