import type { Exchange } from '@weiqiao/browser';
import { mask } from '@weiqiao/page/format';
import { redact, redactPath } from './redact';

/** One request as the page shows and keeps it: masked, so that it may lie in session storage. */
export interface Call {
  method: string;
  path: string;
  status: number;
  durationMs: number;
  requestId?: string;
  request?: unknown;
  response?: unknown;
}

/** What came back from WeChat, and what the page thinks of its state. */
export interface Returned {
  code: string | null;
  sent: string | null;
  received: string | null;
  verdict: 'match' | 'mismatch' | 'left_to_service' | 'denied';
}

/** What one login did so far. It survives the way to WeChat and back in session storage. */
export interface Journal {
  authorize?: Call;
  returned?: Returned;
  exchange?: Call;
  stored?: boolean;
  check?: Call;
}

const KEY = 'weiqiao_demo_journal';

export function loadJournal(storage: Pick<Storage, 'getItem'>): Journal {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Journal) : {};
  } catch {
    return {};
  }
}

export function saveJournal(storage: Pick<Storage, 'setItem'>, journal: Journal): void {
  storage.setItem(KEY, JSON.stringify(journal));
}

/** Enters a request under the step it belongs to; a new login starts a new page. */
export function enterCall(journal: Journal, exchange: Exchange): Journal {
  const call = describeCall(exchange);
  if (exchange.path.startsWith('/api/wechat/authorize-url')) return { authorize: call };
  if (exchange.path.startsWith('/api/wechat/auth'))
    return { ...journal, exchange: call, stored: exchange.status === 200 };
  if (exchange.path.startsWith('/api/user/')) return { ...journal, check: call };
  return journal;
}

/**
 * Enters what the address carried when WeChat came back; the same journal when it carried nothing of a login. `own` are the
 * states of logins this browser began, perhaps in other tabs.
 */
export function enterReturn(journal: Journal, href: string, own: readonly string[]): Journal {
  const query = new URL(href).searchParams;
  const code = query.get('code');
  const received = query.get('state');
  const sent = sentState(journal);
  const declined = query.get('wechat_auth') === 'denied' || (!code && received !== null && received === sent);
  if (!declined && (!code || !received)) return journal;
  const { authorize } = journal;
  return {
    ...(authorize ? { authorize } : {}),
    returned: {
      code: code ? mask(code) : null,
      sent,
      received,
      verdict: declined ? 'denied' : compare(sent, received, own),
    },
  };
}

/** Whether the login in the address was begun by somebody else: its code is not to be submitted. */
export function isForeign(journal: Journal): boolean {
  return journal.returned?.verdict === 'mismatch' && journal.returned.sent === null;
}

/** The state the service issued for the login under way. */
export function sentState(journal: Journal): string | null {
  const response = journal.authorize?.response as { data?: { state?: unknown } } | undefined;
  const state = response?.data?.state;
  return typeof state === 'string' ? state : null;
}

function compare(sent: string | null, received: string | null, own: readonly string[]): Returned['verdict'] {
  if (sent === received) return 'match';
  // Another tab began it: there is nothing to compare with here, the service has the cookie.
  return sent === null && received !== null && own.includes(received) ? 'left_to_service' : 'mismatch';
}

function describeCall(exchange: Exchange): Call {
  const call: Call = {
    method: exchange.method,
    path: redactPath(exchange.path),
    status: exchange.status,
    durationMs: exchange.durationMs,
  };
  if (exchange.requestId) call.requestId = exchange.requestId;
  if (exchange.requestBody !== undefined) call.request = redact(exchange.requestBody);
  if (exchange.responseBody !== undefined) call.response = redact(exchange.responseBody);
  return call;
}
