import type { Scanned } from './chat/scan';
import type { Delivery, Received, SeenMenu } from './chat/types';
import type { SheetAnswer, SubscriptionOutcome } from './mini/subscribe';
import type { Subscriptions } from './mini/world';
import type { Account, ErrcodeEntry, LedgerEntry, NewFault, World } from './types';

/** The emulator said no, or could not be reached; the text is for people. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/_emulator${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new ControlError('没有连上模拟器：它可能已经停止。启动后本页会自动恢复。', { cause: error });
  }
  const answer = (await response.json().catch(() => null)) as { error?: unknown } | null;
  if (response.ok) return answer as T;
  throw new ControlError(typeof answer?.error === 'string' ? answer.error : `HTTP ${response.status}`);
}

const part = encodeURIComponent;

/** One function per control call this page uses. */
export const api = {
  world: () => call<World>('GET', '/state'),
  ledger: (after: number, limit: number) =>
    call<LedgerEntry[]>('GET', `/ledger?after=${after}&limit=${limit}`),
  errcodes: () => call<ErrcodeEntry[]>('GET', '/errcodes'),
  putPersona: (persona: Record<string, unknown>) => call<{ id: string }>('POST', '/personas', persona),
  code: (persona: string, account: Account, kind: 'oauth' | 'mini' | 'phone', scope?: string) =>
    call<{ code: string }>('POST', `/personas/${part(persona)}/codes`, {
      account: account.name,
      kind,
      ...(scope ? { scope } : {}),
    }),
  follow: (persona: string, account: string, following: boolean) =>
    call('POST', `/personas/${part(persona)}/${following ? 'follow' : 'unfollow'}`, { account }),
  deliveries: () => call<Delivery[]>('GET', '/deliveries'),
  received: (persona: string) => call<Received[]>('GET', `/personas/${part(persona)}/messages`),
  menu: (account: string, persona: string) =>
    call<SeenMenu>('GET', `/accounts/${part(account)}/menu?persona=${part(persona)}`),
  sendMessage: (persona: string, message: Record<string, unknown>) =>
    call('POST', `/personas/${part(persona)}/messages`, message),
  pushEvent: (persona: string, event: Record<string, unknown>) =>
    call('POST', `/personas/${part(persona)}/events`, event),
  scan: (persona: string, scanned: Scanned) => call('POST', `/personas/${part(persona)}/scan`, scanned),
  subscriptions: (persona: string, account: string) =>
    call<Subscriptions>('GET', `/personas/${part(persona)}/subscription-settings?account=${part(account)}`),
  changeSubscriptions: (
    persona: string,
    account: string,
    change: { main_switch: boolean } | { template_id: string; keep: 'accept' | 'reject' | null },
  ) =>
    call<Subscriptions>('POST', `/personas/${part(persona)}/subscription-settings`, { account, ...change }),
  askSubscription: (persona: string, account: string, templateIds: string[], answer?: SheetAnswer) =>
    call<SubscriptionOutcome>('POST', `/personas/${part(persona)}/subscription-requests`, {
      account,
      template_ids: templateIds,
      ...answer,
    }),
  addFault: (fault: NewFault) => call('POST', '/faults', fault),
  removeFault: (id: number) => call('DELETE', `/faults/${id}`),
  clearFaults: () => call('DELETE', '/faults'),
  stealTokens: (account: string) => call('POST', '/tokens/steal', { account }),
  clock: (change: { advance: string } | { real: true } | { freeze: boolean }) =>
    call('POST', '/clock', change),
  snapshot: (name?: string) => call<{ snapshot: unknown }>('POST', '/snapshot', name ? { name } : {}),
  restore: (what: { name: string } | { snapshot: unknown }) => call('POST', '/restore', what),
  reset: () => call('POST', '/reset', {}),
};
