import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

// Without these the browser waits for hosts a test machine cannot reach.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const PHONE = { width: 375, height: 812 };
export const DESK = { width: 1280, height: 900 };

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/** One person's browser with everything that must not happen in it. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Violations of the pages' security policies, script errors, dialogs, requests to other machines. */
  complaints: string[];
}

export async function visit(
  browser: Browser,
  size = DESK,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Visitor> {
  const context = await browser.newContext({ viewport: size, locale: 'zh-CN', colorScheme });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  // In the page itself too: a violation in a frame of another origin does not always reach the console.
  await context.exposeFunction('reportViolation', (text: string) => void complaints.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { reportViolation } = window as unknown as { reportViolation: (text: string) => void };
      reportViolation(`${violatedDirective} refused ${blockedURI}`);
    });
  });
  context.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const local =
      ['localhost', '127.0.0.1'].includes(hostname) || ['data:', 'blob:', 'about:'].includes(protocol);
    if (!local) complaints.push(`request to ${request.url()}`);
  });
  return { context, page: await context.newPage(), complaints };
}

/** Chooses a person on the consent page and answers. */
export async function decide(page: Page, persona: string, decision: 'allow' | 'deny'): Promise<void> {
  await page.waitForURL(/\/connect\/oauth2\/authorize/);
  await page.locator(`label:has(input[name="persona"][value="${persona}"])`).click();
  await page.locator(`button[name="decision"][value="${decision}"]`).click();
}

/** Saves what the page looks like, whole, for people to look at. Goes to `SCREENSHOTS` or the temporary folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS ?? join(tmpdir(), 'weiqiao-screenshots');
  await mkdir(folder, { recursive: true });
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
}

/** How many pixels a page is wider than the window: people must not scroll sideways. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
