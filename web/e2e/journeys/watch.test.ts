import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visit } from '../support/browser';
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

// Every other journey relies on an empty list of complaints: here is that the list is not always empty.
test.each([
  ['a style attribute', () => document.body.setAttribute('style', 'color: red'), /style-src/],
  [
    'a script of its own',
    () => document.body.append(Object.assign(document.createElement('script'), { text: '1' })),
    /script-src/,
  ],
  [
    'a picture from elsewhere',
    () => document.body.append(Object.assign(new Image(), { src: 'https://example.com/a.png' })),
    /img-src/,
  ],
  ['an error nobody caught', () => void setTimeout(() => document.querySelector('[')), /closest|selector/i],
  ['a question box', () => void setTimeout(() => alert('hello')), /dialog: hello/],
] as const satisfies readonly (readonly [string, () => void, RegExp])[])(
  'the watch notices %s',
  async (_what, misbehave, complaint) => {
    const { context, page, complaints } = await visit(browser);
    await page.goto(`${playground.service}/wechat/demo`);
    await page.getByRole('button', { name: '开始微信授权' }).waitFor();
    expect(complaints).toEqual([]);
    await page.evaluate(misbehave);
    await expect.poll(() => complaints.join()).toMatch(complaint);
    await context.close();
  },
);
