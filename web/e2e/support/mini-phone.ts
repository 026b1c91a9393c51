import type { Page } from 'playwright-core';
import { picture } from './browser';
import type { Playground } from './playground';

/** The template the emulated mini program has from the start. */
export const TEMPLATE = 'weiqiao-demo-customer-notification-template';

/** One phone of the phone page with the mini program in front. */
export class MiniPhone {
  constructor(
    readonly page: Page,
    readonly key: number,
  ) {}

  /** Gives the phone to somebody and turns to the mini-program tab. */
  static async open(page: Page, playground: Playground, persona: string, key: number): Promise<MiniPhone> {
    if (key === 1) await page.goto(playground.wechat);
    await page.locator('#online', { hasText: '已连接' }).waitFor();
    await page.locator(`#owner-${key} option`).first().waitFor({ state: 'attached' });
    await page.locator(`#owner-${key}`).selectOption(persona);
    await page.locator(`#phone-${key}-mini`).click();
    return new MiniPhone(page, key);
  }

  get screen() {
    return this.page.locator(`[data-phone="${this.key}"] .mini-screen`);
  }

  async start(way?: string): Promise<void> {
    const button = way ? `#mini-way-${this.key}-${way}` : `#mini-open-${this.key}`;
    await this.page.locator(button).click();
    await this.screen.waitFor();
  }

  async logIn(): Promise<void> {
    await this.tap('login');
    await this.page.locator(`#mp-login-${this.key}`).waitFor({ state: 'detached' });
  }

  /** Taps on something of the mini program by the name the page gave it. */
  tap(name: string): Promise<void> {
    return this.page.locator(`#mp-${name}-${this.key}`).click();
  }

  fill(name: string, text: string): Promise<void> {
    return this.page.locator(`#mp-${name}-${this.key}`).fill(text);
  }

  /** Waits until the mini program says this. */
  text(text: string): Promise<void> {
    return this.screen.getByText(text, { exact: false }).first().waitFor();
  }

  /** Waits until WeChat counts so many agreements. */
  left(count: number): Promise<void> {
    return this.page.locator(`#mp-left-${this.key}`, { hasText: new RegExp(`^${count}$`) }).waitFor();
  }

  /** Subscribes once on the bench that is in front. */
  async subscribe(look: () => Promise<void> = async () => {}): Promise<void> {
    await this.tap('subscribe');
    await this.page.locator(`#subscribe-allow-${this.key}`).waitFor();
    await look();
    await this.page.locator(`#subscribe-allow-${this.key}`).click();
    await this.text('订阅成功');
  }

  banner(text: string): Promise<void> {
    return this.page.locator(`#banner-${this.key}`, { hasText: text }).waitFor();
  }

  dropBanner(): Promise<void> {
    return this.page.locator(`#banner-drop-${this.key}`).click();
  }

  picture(name: string): Promise<void> {
    return picture(this.page, name);
  }
}
