import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DESK, launch, PHONE, picture, sideways, visit } from '../support/browser';
import { unreadable } from '../support/contrast';
import { type Playground, startPlayground } from '../support/playground';
import { type Receiver, startReceiver } from '../support/receiver';

let playground: Playground;
let browser: Browser;
let receiver: Receiver;

beforeAll(async () => {
  [playground, browser, receiver] = await Promise.all([startPlayground(), launch(), startReceiver()]);
});
afterAll(async () => {
  await browser?.close();
  await playground?.stop();
  await receiver?.stop();
});

/** The account's callbacks go to the test's own receiver, which has little time. */
beforeEach(async () => {
  await playground.control('POST', '/reset', {});
  const { url, token } = receiver;
  await playground.control('POST', '/accounts/official/callback', { url, token, aes_key: '', mode: 'plain' });
  receiver.pushes.length = 0;
  receiver.handle = (push) => push.answer();
});

async function openChat(page: Page): Promise<void> {
  await page.goto(playground.wechat);
  await page.locator('#online', { hasText: '已连接' }).waitFor();
  await page.locator('#phone-1-chat').click();
  await page.locator('[data-phone="1"] .chat-head h2', { hasText: '微桥体验号' }).waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await page.locator('#say-1').fill(text);
  await page.locator('#say-1').press('Enter');
}

const chat = (page: Page) => page.locator('[data-phone="1"] .chat-log');
const bubbles = (page: Page, side: 'in' | 'out') => chat(page).locator(`.chat-item.${side} .bubble`);

/** A call of WeChat's API as a service makes it. */
async function api<T = Record<string, unknown>>(path: string, body: unknown): Promise<T> {
  const query =
    'grant_type=client_credential&appid=wx1111111111111111&secret=11111111111111111111111111111111';
  const token = (await (await fetch(`${playground.wechat}/cgi-bin/token?${query}`)).json()) as {
    access_token: string;
  };
  const url = `${playground.wechat}${path}?access_token=${token.access_token}`;
  const answer = (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as T & {
    errcode?: number;
  };
  if (answer.errcode) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function openidOf(persona: string): Promise<string> {
  const { openids } = await playground.control<{ openids: Record<string, string> }>(
    'GET',
    `/personas/${persona}`,
  );
  return openids.official ?? '';
}

test('follow, say hello, read the reply, and look at everything that went over the wire', async () => {
  receiver.handle = (push) =>
    push.field('Event') === 'subscribe'
      ? push.reply('欢迎关注 😀')
      : push.reply(`您说的是：${push.field('Content')}`);
  const { context, page, complaints } = await visit(browser, DESK);
  await openChat(page);
  await page.locator('.welcome', { hasText: '还没有关注' }).waitFor();
  await picture(page, 'chat-welcome');
  await page.locator('#follow-chat-1').click();
  await bubbles(page, 'in').filter({ hasText: '欢迎关注 😀' }).waitFor();
  await say(page, '<b>hello</b>');
  await bubbles(page, 'in').filter({ hasText: '您说的是：<b>hello</b>' }).waitFor();
  expect(await bubbles(page, 'out').first().textContent()).toBe('<b>hello</b>');
  expect(await chat(page).locator('b').count()).toBe(0);
  await chat(page).locator('.standing.green', { hasText: '已回复' }).first().waitFor();

  await bubbles(page, 'out').first().click();
  const sheet = page.locator('.chat-sheet');
  await sheet.locator('pre', { hasText: '<MsgType><![CDATA[text]]></MsgType>' }).first().waitFor();
  await sheet.locator('details summary').click();
  expect(await sheet.locator('.steps').textContent()).toContain('SHA-1');
  expect(await sheet.textContent()).not.toContain(receiver.token);
  await picture(page, 'chat-sheet');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await picture(page, 'chat-hello');

  await page.locator('#more-1').click();
  await page.locator('#more-follow-1').click();
  await page.locator('.welcome', { hasText: '已经取消关注' }).waitFor();
  expect(receiver.pushes.at(-1)?.field('Event')).toBe('unsubscribe');
  expect(complaints).toEqual([]);
  await context.close();
});

test('without a network a message stays to be sent again, and blank ones are not sent', async () => {
  const { context, page, complaints } = await visit(browser, PHONE);
  await openChat(page);
  await page.locator('#follow-chat-1').click();
  await chat(page).getByText('关注了公众号').waitFor();
  await context.setOffline(true);
  await say(page, '在吗');
  const problem = page.getByRole('alert');
  await problem.getByText('没有连上模拟器').waitFor();
  expect(await page.locator('#say-1').inputValue()).toBe('在吗');
  const button = await page.locator('#dismiss').boundingBox();
  expect(button?.height).toBeLessThan(48);
  await picture(page, 'chat-offline');
  await context.setOffline(false);
  await problem.waitFor({ state: 'detached' });
  await page.locator('#send-1').click();
  await bubbles(page, 'out').filter({ hasText: '在吗' }).waitFor();
  await say(page, '   ');
  await say(page, '在');
  await bubbles(page, 'out').filter({ hasText: /^在$/ }).waitFor();
  expect(await bubbles(page, 'out').allTextContents()).toEqual(['在吗', '在']);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a slow service is tried three times, then the person reads a notice, then the late answer', async () => {
  await playground.control('POST', '/settings', { callback_timeout_ms: 700 });
  await playground.control('POST', '/personas/xiaoming/follow', { account: 'official' });
  receiver.handle = () => {};
  const { context, page, complaints } = await visit(browser, DESK);
  await openChat(page);
  await say(page, '帮我查一下');
  await chat(page).locator('.tries .running', { hasText: '2/3' }).waitFor();
  await picture(page, 'chat-attempts');
  await chat(page).locator('.tries .running', { hasText: '3/3' }).waitFor();
  await bubbles(page, 'in').filter({ hasText: '该公众号提供的服务出现故障，请稍后再试' }).waitFor();
  expect(await chat(page).locator('.tries .failed').allTextContents()).toEqual([
    expect.stringContaining('1/3 超时'),
    expect.stringContaining('2/3 超时'),
    expect.stringContaining('3/3 超时'),
  ]);
  const tried = receiver.pushes.filter((push) => push.field('MsgType') === 'text');
  expect(tried).toHaveLength(3);
  expect(new Set(tried.map((push) => push.field('MsgId'))).size).toBe(1);
  const touser = await openidOf('xiaoming');
  await api('/cgi-bin/message/custom/send', {
    touser,
    msgtype: 'text',
    text: { content: '查到了：一切正常' },
  });
  await bubbles(page, 'in').filter({ hasText: '查到了：一切正常' }).waitFor();
  await chat(page).locator('.chat-meta', { hasText: '客服消息' }).waitFor();
  await picture(page, 'chat-late');
  expect(complaints).toEqual([]);
  await context.close();
});

test('the menu a person sees pushes what its buttons promise', async () => {
  await playground.control('POST', '/personas/xiaoming/follow', { account: 'official' });
  const { context, page, complaints } = await visit(browser, DESK);
  await openChat(page);
  // The playground's own, until another one is published.
  await page.locator('#menu-1-0', { hasText: '打个招呼' }).waitFor();
  await api('/cgi-bin/menu/create', {
    button: [
      { type: 'click', name: '今日歌曲', key: 'V1001' },
      {
        name: '更多',
        sub_button: [
          { type: 'view', name: '演示页', url: `${playground.service}/wechat/demo` },
          { type: 'scancode_waitmsg', name: '扫一扫', key: 'SCAN1' },
          { type: 'click', name: '赞一下', key: 'GOOD' },
        ],
      },
    ],
  });
  await page.locator('#menu-1-0', { hasText: '今日歌曲' }).click();
  await chat(page).locator('.chip', { hasText: '点击菜单 V1001' }).waitFor();
  await page.locator('#menu-1-1').click();
  await page.locator('#menu-1-1-2', { hasText: '赞一下' }).waitFor();
  await picture(page, 'chat-menu');
  await page.locator('#menu-1-1-1').click();
  await page.locator('#result-1').fill('ISBN 1');
  await page.locator('#panel-send-1').click();
  await chat(page).locator('.chip', { hasText: '扫码并等待回复' }).waitFor();
  await page.locator('#menu-1-1').click();
  await page.locator('#menu-1-1-0').click();
  await page.frameLocator('[data-phone="1"] iframe').locator('#login').waitFor();
  await expect
    .poll(() => receiver.pushes.map((push) => push.field('Event')))
    .toEqual(['subscribe', 'CLICK', 'scancode_waitmsg', 'VIEW']);
  expect(receiver.pushes[2]?.field('ScanResult')).toBe('ISBN 1');
  expect(complaints).toEqual([]);
  await context.close();
});

test('two people see two menus when one of them has a tag', async () => {
  for (const persona of ['xiaoming', 'xiaohong'])
    await playground.control('POST', `/personas/${persona}/follow`, { account: 'official' });
  const button = (name: string) => [{ type: 'click', name, key: name }];
  await api('/cgi-bin/menu/create', { button: button('普通菜单') });
  const { context, page, complaints } = await visit(browser, DESK);
  await openChat(page);
  await page.locator('#add-phone').click();
  await page.locator('#menu-2-0', { hasText: '普通菜单' }).waitFor();
  const { tag } = await api<{ tag: { id: number } }>('/cgi-bin/tags/create', { tag: { name: '会员' } });
  const openid_list = [await openidOf('xiaohong')];
  await api('/cgi-bin/tags/members/batchtagging', { openid_list, tagid: tag.id });
  await api('/cgi-bin/menu/addconditional', {
    button: button('会员菜单'),
    matchrule: { tag_id: String(tag.id) },
  });
  await page.locator('#menu-2-0', { hasText: '会员菜单' }).waitFor();
  expect(await page.locator('#menu-1-0').textContent()).toBe('普通菜单');
  expect(complaints).toEqual([]);
  await context.close();
});

test('a QR code with a scene: who scans it follows, who follows already is known to have scanned', async () => {
  const { context, page, complaints } = await visit(browser, DESK);
  const code = await api<{ ticket: string; url: string }>('/cgi-bin/qrcode/create', {
    expire_seconds: 600,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: 'door-3' } },
  });
  await openChat(page);
  await page.locator('#welcome-scan-1').click();
  await page.locator('#scan-1').fill(code.url);
  await picture(page, 'chat-scan');
  await page.locator('#panel-send-1').click();
  await chat(page).locator('.chip', { hasText: '扫码关注，场景 door-3' }).waitFor();
  await page.locator('#more-1').click();
  await page.locator('#more-scan-1').click();
  await page.locator('#scan-1').fill(code.ticket);
  await page.locator('#panel-send-1').click();
  await chat(page).locator('.chip', { hasText: '扫描了二维码，场景 door-3' }).waitFor();
  expect(receiver.pushes.map((push) => [push.field('Event'), push.field('EventKey')])).toEqual([
    ['subscribe', 'qrscene_door-3'],
    ['SCAN', 'door-3'],
  ]);
  expect(complaints).toEqual([]);
  await context.close();
});

test('pictures, cards, notifications and a place in the queue, each on its own phone with a dot for what is new', async () => {
  for (const persona of ['xiaoming', 'xiaohong'])
    await playground.control('POST', `/personas/${persona}/follow`, { account: 'official' });
  receiver.handle = (push) =>
    push.field('MsgType') === 'location'
      ? push.answer(
          `<xml><ToUserName>${push.field('FromUserName')}</ToUserName><FromUserName>${push.field('ToUserName')}` +
            '</FromUserName><CreateTime>1</CreateTime><MsgType>transfer_customer_service</MsgType></xml>',
        )
      : push.answer();
  const { context, page, complaints } = await visit(browser, DESK);
  await openChat(page);
  await page.locator('#add-phone').click();
  await page.locator('#phone-2-me').click();
  for (const type of ['image', 'voice', 'link', 'location']) {
    await page.locator('#attach-1').click();
    await page.locator(`#attach-1-${type}`).click();
    await page.locator('#panel-send-1').click();
  }
  await bubbles(page, 'out').filter({ hasText: '天安门' }).waitFor();
  await chat(page).locator('.chip', { hasText: '已转接人工客服' }).waitFor();
  const [ming, hong] = [await openidOf('xiaoming'), await openidOf('xiaohong')];
  await api('/cgi-bin/message/custom/send', {
    touser: ming,
    msgtype: 'news',
    news: {
      articles: [
        {
          title: '开学第一课',
          description: '点开看看',
          url: `${playground.service}/wechat/demo`,
          picurl: `${playground.wechat}/mmopen/xiaoming/132`,
        },
      ],
    },
  });
  const template = {
    account: 'official',
    template_id: 'T1',
    title: '预约提醒',
    fields: ['thing1', 'time2'],
  };
  await playground.control('POST', '/templates', template);
  await playground.control('POST', '/personas/xiaohong/messages', { account: 'official', type: 'text' });
  await api('/cgi-bin/message/template/send', {
    touser: hong,
    template_id: 'T1',
    url: `${playground.service}/wechat/demo`,
    data: { thing1: { value: '试听课' }, time2: { value: '2026年1月1日 15:01' } },
  });
  await bubbles(page, 'in').filter({ hasText: '开学第一课' }).waitFor();
  await page.locator('#phone-2-chat .dot', { hasText: '1' }).waitFor();
  await picture(page, 'chat-dot');
  await page.locator('#phone-2-chat').click();
  const card = page.locator('[data-phone="2"] .notification', { hasText: '预约提醒' });
  expect(await card.locator('dd').allTextContents()).toEqual(['试听课', '2026年1月1日 15:01']);
  await page.locator('#phone-2-chat .dot').waitFor({ state: 'detached' });
  await picture(page, 'chat-cards');
  await card.locator('.card-more').click();
  await page.frameLocator('[data-phone="2"] iframe').locator('#login').waitFor();
  await page.locator('#chats-1').click();
  await page.locator('.chat-list', { hasText: '微桥体验号' }).waitFor();
  await picture(page, 'chat-list');
  expect(complaints).toEqual([]);
  await context.close();
});

describe('on a narrow screen', () => {
  test('the chat has all the room, and no service is said to be none', async () => {
    await playground.control('POST', '/accounts/official/callback', { url: '' });
    const { context, page, complaints } = await visit(browser, PHONE);
    await openChat(page);
    await picture(page, 'chat-welcome');
    await page.locator('#follow-chat-1').click();
    await chat(page).locator('.standing', { hasText: '未配置服务器地址' }).waitFor();
    await say(page, '有人在吗？');
    await bubbles(page, 'out').filter({ hasText: '有人在吗？' }).waitFor();
    await page.locator('#attach-1').click();
    await page.locator('#attach-1-location').waitFor();
    await picture(page, 'chat-attach');
    await page.locator('#attach-1').click();
    await page.locator('#more-1').click();
    await picture(page, 'chat-more');
    await bubbles(page, 'out').first().click();
    await picture(page, 'chat-sheet');
    expect(await sideways(page)).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
