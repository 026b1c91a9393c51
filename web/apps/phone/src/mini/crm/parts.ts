import { el, show } from '@weiqiao/page/dom';
import { icon } from '../../chat/icon';
import type { Advisor } from '../../model/crm/advisors';
import { ServiceError } from '../../model/crm/client';
import type { Session } from '../../model/crm/session';
import type { Explained } from '../../model/mini/explain';
import { WxError } from '../../model/mini/wx-error';
import type { PageContext } from '../page';

/** What went wrong as a card, with a way on. */
export function problemCard(id: string, explained: Explained, retry?: () => void): HTMLElement {
  return el(
    'div',
    { class: 'crm-problem', role: 'alert' },
    el('strong', {}, explained.title),
    el('p', {}, explained.why),
    el('p', { class: 'crm-next' }, explained.next),
    explained.facts.length > 0 &&
      el('p', { class: 'crm-facts' }, explained.facts.map(([name, value]) => `${name} ${value}`).join(' · ')),
    retry && el('button', { id, type: 'button', class: 'small', onclick: retry }, '重试'),
  );
}

/** Any failure in words. */
export function explainError(error: unknown): Explained {
  if (error instanceof ServiceError) return error.explained;
  const why =
    error instanceof WxError ? error.errMsg : error instanceof Error ? error.message : String(error);
  return { title: '没有成功', why, next: '再试一次；还不行就看看「请求」面板。', retry: true, facts: [] };
}

/** Runs something while its button waits; what goes wrong is shown in `place`, with a way to try again. */
export async function run(
  button: HTMLButtonElement | null,
  place: HTMLElement,
  retryId: string,
  does: () => Promise<void>,
): Promise<void> {
  if (button?.getAttribute('aria-busy') === 'true') return;
  button?.setAttribute('aria-busy', 'true');
  show(place);
  try {
    await does();
  } catch (error) {
    const explained = explainError(error);
    // What would only fail again is not offered: a wrong password tried again and again shuts the door.
    const again = explained.retry ? () => void run(button, place, retryId, does) : undefined;
    const card = problemCard(retryId, explained, again);
    show(place, card);
    // A long form may have it out of sight.
    card.scrollIntoView({ block: 'nearest' });
  } finally {
    button?.removeAttribute('aria-busy');
  }
}

/**
 * Draws with the session, and again only when it is somebody else's (by token: another one): a half-written form or a told
 * problem stays.
 */
export function bySession(
  { crm }: PageContext,
  draw: (session: Session | null) => void | Promise<void>,
  by: 'openid' | 'token' = 'openid',
): () => Promise<void> {
  let drawn: string | undefined;
  return async () => {
    const session = await crm.session();
    const next = session?.[by] ?? '';
    if (next === drawn) return;
    drawn = next;
    await draw(session);
  };
}

/** The invitation to log in, on any page that needs to know who it is. */
export function loginCard(context: PageContext, why: string, done: () => void): HTMLElement {
  const place = el('div');
  const button = el(
    'button',
    { id: context.id('login'), type: 'button', class: 'primary crm-wide' },
    '微信一键登录',
  );
  button.addEventListener(
    'click',
    () =>
      void run(button, place, context.id('login-retry'), async () => {
        await context.crm.login();
        await context.wx.showToast({ title: '登录成功' });
        done();
      }),
  );
  return el(
    'section',
    { class: 'crm-card crm-login' },
    el('h3', {}, '欢迎'),
    el('p', { class: 'muted' }, why),
    button,
    place,
  );
}

export function section(title: string, ...children: (HTMLElement | string | false | null)[]): HTMLElement {
  return el('section', { class: 'crm-card' }, el('h3', {}, title), ...children);
}

/** An advisor's picture: the family name on a colour. */
export function portrait(advisor: Advisor, size: 'large' | 'normal' = 'normal'): HTMLElement {
  const classes = `crm-portrait ${advisor.tone} ${size}`;
  return el('span', { class: classes, 'aria-hidden': 'true' }, [...advisor.name][0] ?? '');
}

/** A line that something went well. */
export function done(text: string, detail = ''): HTMLElement {
  return el(
    'p',
    { class: 'crm-done', role: 'status' },
    icon('check'),
    el('span', {}, el('strong', {}, text), detail && el('span', { class: 'muted' }, detail)),
  );
}

/** `oGZU…VJJE`: enough to tell two people apart. */
export const shortId = (id: string): string => (id.length <= 12 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`);
