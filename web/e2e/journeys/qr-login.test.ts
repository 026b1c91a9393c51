import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, decide, launch, PHONE, picture, sideways, visit } from '../support/browser';
import { unreadable } from '../support/contrast';
import { type Playground, startPlayground } from '../support/playground';

let playground: Playground;
let browser: Browser;

const LOGIN = '/auths/loginTypes/MyWechatLogin/login';

beforeAll(async () => {
  [playground, browser] = await Promise.all([startPlayground(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await playground?.stop();
});

/** What a camera reads, and the number beside it. */
async function readScreen(page: Page): Promise<{ code: string; number: string }> {
  const code = await page.locator('.qr svg').getAttribute('data-text');
  const number = await page.locator('#number').textContent();
  return { code: code ?? '', number: number ?? '' };
}

test.each([
  ['at a desk', DESK, 'light'],
  ['on a small screen', PHONE, 'dark'],
] as const)(
  'a page outside WeChat %s is logged in by scanning and confirming on the phone',
  async (_where, size, scheme) => {
    const computer = await visit(browser, size, scheme);
    const phone = await visit(browser, PHONE, scheme);
    await computer.page.goto(
      `${playground.service}${LOGIN}?redirectUrl=${encodeURIComponent(`${playground.service}/wechat/me?from=qr`)}`,
    );
    await computer.page.getByText('等待扫码').waitFor();
    await picture(computer.page, 'qr-1-waiting');
    expect(await unreadable(computer.page)).toEqual([]);
    expect(await sideways(computer.page)).toBe(0);
    const { code, number } = await readScreen(computer.page);

    await phone.page.goto(code);
    await decide(phone.page, 'xiaohong', 'allow');
    await phone.page.getByRole('heading', { name: '在电脑上登录？' }).waitFor();
    expect(await phone.page.locator('main').textContent()).toContain('小红');
    expect(await phone.page.locator('.facts').textContent()).toContain('Chrome · Linux');
    await picture(phone.page, 'qr-2-question');
    expect(await unreadable(phone.page)).toEqual([]);
    expect(await sideways(phone.page)).toBe(0);
    await computer.page.getByText('已扫码，请在手机上选择数字并确认').waitFor();
    await picture(computer.page, 'qr-3-scanned');
    expect(await unreadable(computer.page)).toEqual([]);

    await phone.page.getByRole('button', { name: number, exact: true }).click();
    await phone.page.getByRole('heading', { name: '已确认登录' }).waitFor();
    await picture(phone.page, 'qr-4-confirmed');
    expect(await unreadable(phone.page)).toEqual([]);
    await computer.page.waitForURL(/\/wechat\/me\?from=qr&wechat_auth=success$/);
    expect(await computer.page.locator('#nickname').textContent()).toBe('小红');
    await picture(computer.page, 'qr-5-logged-in');

    // The code is used: whoever has a picture of it gets nothing.
    await phone.page.goto(code);
    await phone.page.getByText('二维码已失效').waitFor();
    expect([...computer.complaints, ...phone.complaints]).toEqual([]);
    await computer.context.close();
    await phone.context.close();
  },
);

test('who picks another number or says no ends it, and the page offers a new code', async () => {
  const computer = await visit(browser, DESK);
  const phone = await visit(browser, PHONE);
  await computer.page.goto(playground.service + LOGIN);
  const { code, number } = await readScreen(computer.page);
  await phone.page.goto(code);
  await decide(phone.page, 'xiaoming', 'allow');
  const numbers = await phone.page.locator('.numbers button').allTextContents();
  expect(numbers).toContain(number);
  const other = numbers.find((one) => one !== number) ?? '';
  await phone.page.getByRole('button', { name: other, exact: true }).click();
  await phone.page.getByRole('heading', { name: '数字不一致，已取消' }).waitFor();
  await picture(phone.page, 'qr-6-wrong-number');
  await computer.page.getByText('手机上取消了这次登录').waitFor();
  await computer.page.getByText('The login was cancelled on the phone').waitFor();
  await picture(computer.page, 'qr-7-declined');
  expect(await unreadable(computer.page)).toEqual([]);
  const cookies = await computer.context.cookies(playground.service);
  expect(cookies.filter((cookie) => cookie.name === 'weiqiao_session')).toEqual([]);

  await computer.page.getByRole('link', { name: '重新获取二维码' }).click();
  await computer.page.getByText('等待扫码').waitFor();
  expect((await readScreen(computer.page)).code).not.toBe(code);
  await phone.page.goto((await readScreen(computer.page)).code);
  await phone.page.getByRole('button', { name: '不是我，取消' }).click();
  await phone.page.getByRole('heading', { name: '已取消登录' }).waitFor();
  await computer.page.getByText('手机上取消了这次登录').waitFor();
  await computer.context.close();
  await phone.context.close();
});

test('without a phone the emulated one scans the code, in a frame', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  await page.goto(playground.service + LOGIN);
  const { number } = await readScreen(page);
  const opened = context.waitForEvent('page');
  await page.locator('#emulated-phone').click();
  const phone = await opened;
  const frame = phone.frameLocator('[data-phone="1"] iframe');
  await frame.locator('button[name="decision"][value="allow"]').click();
  await frame.getByRole('heading', { name: '在电脑上登录？' }).waitFor();
  await frame.getByRole('button', { name: number, exact: true }).click();
  await frame.getByRole('heading', { name: '已确认登录' }).waitFor();
  await page.waitForURL(/\/wechat\/me\?wechat_auth=success$/);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a page for people who are logged in sends everybody else to WeChat and back, once', async () => {
  const { context, page } = await visit(browser, PHONE);
  const redirects: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 302 && response.url().startsWith(playground.service))
      redirects.push(response.url());
  });
  await page.goto(`${playground.service}/wechat/me`);
  await decide(page, 'script', 'allow');
  await page.locator('#nickname').waitFor();
  expect(redirects).toHaveLength(2);
  expect(await page.locator('#nickname').innerHTML()).toContain('&lt;');
  await picture(page, 'me');
  await context.clearCookies();
  await page.goto(`${playground.service}/wechat/me`);
  await decide(page, 'xiaoming', 'deny');
  await context.close();
});
