import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decide, launch, PHONE, picture, visit } from '../support/browser';
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

/** Opens the demo page and goes to the consent page. */
async function begin(page: Page): Promise<void> {
  await page.goto(`${playground.service}/wechat/demo`);
  await page.getByRole('button', { name: '开始微信授权' }).click();
  await page.waitForURL(/\/connect\/oauth2\/authorize/);
}

const exchanges = async () =>
  (await playground.control<unknown[]>('GET', '/ledger?path=/sns/oauth2/access_token')).length;

test('declining is explained, nothing was read, and trying again works', async () => {
  const { context, page, complaints } = await visit(browser, PHONE);
  const before = await exchanges();
  await begin(page);
  await decide(page, 'xiaoming', 'deny');
  await page.locator('#back').click();
  await page.locator('.problem').waitFor();
  expect(await page.locator('.problem-what').textContent()).toBe('您没有同意授权');
  expect(await page.locator('#step-consent').getAttribute('data-status')).toBe('failed');
  expect(page.url()).toBe(`${playground.service}/wechat/demo`);
  expect(await exchanges()).toBe(before);
  await picture(page, 'demo-declined');
  await page.getByRole('button', { name: '开始微信授权' }).click();
  await decide(page, 'xiaoming', 'allow');
  await page.locator('#nickname', { hasText: '小明' }).waitFor();
  expect(await page.locator('.problem').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a callback delivered twice logs in once', async () => {
  const { context, page, complaints } = await visit(browser);
  const before = await exchanges();
  await begin(page);
  const callback = await answerWithoutFollowing(page, 'xiaoming');
  await page.goto(callback);
  await page.locator('#nickname', { hasText: '小明' }).waitFor();
  await page.goto(callback);
  await page.locator('#step-check[data-status="done"]').waitFor();
  expect(await page.locator('#nickname').textContent()).toBe('小明');
  expect(await page.locator('.problem').count()).toBe(0);
  // And once more in another tab of the same browser, which knows nothing of the first.
  const other = await context.newPage();
  await other.goto(callback);
  await other.locator('#nickname', { hasText: '小明' }).waitFor();
  expect(await exchanges()).toBe(before + 1);
  expect(complaints).toEqual([]);
  await context.close();
});

test('somebody else who opens the callback gets nothing but an explanation', async () => {
  const [owner, thief] = await Promise.all([visit(browser), visit(browser)]);
  await begin(owner.page);
  const callback = await answerWithoutFollowing(owner.page, 'xiaoming');
  await thief.page.goto(callback);
  await thief.page.locator('.problem').waitFor();
  expect(await thief.page.locator('.problem-what').textContent()).toBe('state 校验没有通过');
  expect(await thief.page.evaluate(() => localStorage.getItem('wechat_openid'))).toBeNull();
  await picture(thief.page, 'demo-foreign-state');
  await owner.page.goto(callback);
  await owner.page.locator('#nickname', { hasText: '小明' }).waitFor();
  await Promise.all([owner.context.close(), thief.context.close()]);
});

test('a login nobody began here is not submitted, however tolerant the service', async () => {
  const { context, page } = await visit(browser);
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
  });
  await page.goto(`${playground.service}/wechat/demo?biz=7&code=0123456789abcdef&state=attacker`);
  await page.locator('.problem').waitFor();
  expect(await page.locator('.problem-what').textContent()).toBe('state 校验没有通过');
  expect(await page.locator('#step-state').getAttribute('data-status')).toBe('failed');
  expect(page.url()).toBe(`${playground.service}/wechat/demo?biz=7`);
  await page.goto(`${playground.service}/wechat/demo?biz=7&code=0123456789abcdef`);
  await page.locator('.problem').waitFor();
  expect(await page.locator('.problem-what').textContent()).toBe('地址里的 code 没有 state');
  expect(page.url()).toBe(`${playground.service}/wechat/demo?biz=7`);
  await page.goto(`${playground.service}/wechat/demo`);
  await page.locator('#session-status', { hasText: '未登录' }).waitFor();
  expect(await page.locator('.problem').count()).toBe(0);
  expect(posts).toEqual([]);
  await page.getByRole('button', { name: '开始微信授权' }).click();
  await decide(page, 'xiaoming', 'allow');
  await page.locator('#nickname', { hasText: '小明' }).waitFor();
  await context.close();
});

test('an expired code names its errcode and request id', async () => {
  const { context, page, complaints } = await visit(browser);
  await begin(page);
  await page.locator('details.advanced summary').click();
  await page.locator('input[name="expired"]').check();
  await decide(page, 'xiaoming', 'allow');
  await page.locator('.problem').waitFor();
  expect(await page.locator('.problem-what').textContent()).toBe('授权码无效');
  const facts = await page.locator('.problem .facts').textContent();
  expect(facts).toMatch(/errcode\s*(40029|42003)/);
  expect(facts).toMatch(/请求编号\s*\S{8,}/);
  expect(await page.locator('#step-exchange').getAttribute('data-status')).toBe('failed');
  await picture(page, 'demo-expired-code');
  expect(complaints).toEqual([]);
  await context.close();
});

test('a nickname is text, whatever it says', async () => {
  const { context, page, complaints } = await visit(browser, PHONE);
  await begin(page);
  await decide(page, 'script', 'allow');
  await page.locator('#step-check[data-status="done"]').waitFor();
  const { nickname } = await playground.control<{ nickname: string }>('GET', '/personas/script');
  expect(nickname).toContain('<script>');
  expect(await page.locator('#nickname').textContent()).toBe(nickname);
  expect(await page.locator('#nickname').evaluate((element) => element.children.length)).toBe(0);
  await picture(page, 'demo-script-nickname');
  expect(complaints).toEqual([]);
  await context.close();
});

test('after a day the page asks to log in again', async () => {
  const { context, page } = await visit(browser);
  await begin(page);
  await decide(page, 'xiaohong', 'allow');
  await page.locator('#session-status', { hasText: '已登录' }).waitFor();
  await playground.control('POST', '/clock', { advance: '24h' });
  try {
    await page.reload();
    await page.locator('#session-status', { hasText: '已过期' }).waitFor();
    expect(await page.locator('#nickname').textContent()).toBe('小红');
    expect(await page.locator('#expiry').textContent()).toBe('已过期');
    await picture(page, 'demo-expired-session');
  } finally {
    await playground.control('POST', '/clock', { real: true });
  }
  await context.close();
});

test('when WeChat is busy, the same code works a moment later', async () => {
  const { context, page, complaints } = await visit(browser);
  await fail({ errcode: -1 });
  await begin(page);
  await decide(page, 'xiaoming', 'allow');
  await page.locator('.problem').waitFor();
  expect(await page.locator('.problem-what').textContent()).toBe('微信拒绝了这次请求');
  expect(page.url()).toContain('code=');
  await page.getByRole('button', { name: '再试一次' }).click();
  await page.locator('#nickname', { hasText: '小明' }).waitFor();
  expect(page.url()).toBe(`${playground.service}/wechat/demo`);
  expect(await page.locator('.problem').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

// Nobody knows whether WeChat took the code: it is not brought again, the person is asked to begin anew.
test.each([
  ['answers nonsense', { status: 502, body: '<html>Bad Gateway</html>' }],
  ['breaks the connection', { reset: true }],
])('when WeChat %s, the login begins anew', async (_what, fault) => {
  const { context, page, complaints } = await visit(browser);
  await fail(fault);
  await begin(page);
  await decide(page, 'xiaoming', 'allow');
  await page.locator('.problem').waitFor();
  expect(await page.locator('.problem-what').textContent()).toBe('没有收到微信的答复');
  expect(await page.locator('.problem').textContent()).not.toContain('<html>');
  expect(page.url()).not.toContain('code=');
  await begin(page);
  await decide(page, 'xiaoming', 'allow');
  await page.locator('#nickname', { hasText: '小明' }).waitFor();
  expect(await page.locator('.problem').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

/** The next exchange of a code fails like this. */
function fail(fault: object): Promise<unknown> {
  return playground.control('POST', '/faults', { path: '/sns/oauth2/access_token', times: 1, ...fault });
}

test('an ordinary browser against the real WeChat is told what to do', async () => {
  const { context, page, complaints } = await visit(browser, PHONE);
  await page.route('**/wechat/demo/config.json', async (route) => {
    const answer = await route.fetch();
    const config = {
      ...((await answer.json()) as object),
      emulated: false,
      jweixinUrl: 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
    };
    await route.fulfill({ json: config });
  });
  await page.goto(`${playground.service}/wechat/demo`);
  await page.locator('#desktop-notice').waitFor();
  expect(await page.locator('#desktop-notice h2').textContent()).toBe('请在微信里打开这个页面');
  await page.getByRole('button', { name: '配置 JS-SDK' }).click();
  await page.locator('#jssdk .problem').waitFor();
  expect(await page.locator('#jssdk .problem-what').textContent()).toBe('这里不是微信');
  await picture(page, 'demo-real-wechat-on-desktop');
  expect(complaints).toEqual([]);
  await context.close();
});

/** Allows on the consent page, but catches the address WeChat sends the person to. */
async function answerWithoutFollowing(page: Page, persona: string): Promise<string> {
  const sent = page.waitForRequest(
    (request) => request.url().startsWith(playground.service) && request.url().includes('code='),
  );
  await page.route(`${playground.service}/**`, (route) => route.abort());
  await decide(page, persona, 'allow');
  const callback = (await sent).url();
  await page.unroute(`${playground.service}/**`);
  return callback;
}
