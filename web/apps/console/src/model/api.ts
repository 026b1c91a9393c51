import { Problem } from './problem';

/** Who is logged in, as `GET /api/auth/me` says. */
export interface Me {
  username: string;
  name: string;
  role: string;
}

export interface Account {
  name: string;
  kind: 'official' | 'mini';
  token: string;
  expires_at: number | null;
  replaced_outside: number;
  hint: string | null;
  holds: string[];
}

export interface Attempt {
  job_id: string;
  kind: string;
  account: string | null;
  n: number;
  at: number;
  ms: number | null;
  errcode: number | null;
  verdict: string | null;
  hint: string | null;
}

/** What `GET /api/admin/overview` says. Times are in epoch seconds. */
export interface Overview {
  since: number;
  emulated: boolean;
  actions_today: number | null;
  leads_today: number | null;
  notifications: { pending: number; uncertain: number; sent_today: number; failed_today: number };
  database: string;
  cache: string;
  wechat: string;
  accounts: Account[];
  attempts: Attempt[];
}

type Fetch = typeof fetch;

/** Calls the service with the console's cookie. Whatever goes wrong is a `Problem`. */
export function createApi(send: Fetch = (...call) => fetch(...call)) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await send(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw Problem.offline();
    }
    const answer: unknown = await response.json().catch(() => undefined);
    const envelope = (answer ?? {}) as { success?: boolean; data?: T };
    if (response.ok && envelope.success === true) return envelope.data as T;
    throw Problem.of(response.status, response.headers.get('retry-after'), answer);
  }

  return {
    me: () => call<Me>('GET', '/api/auth/me'),
    logIn: (username: string, password: string, remember: boolean) =>
      call<{ user: Me }>('POST', '/api/auth/login', { username, password, remember, cookie: true }),
    logOut: () => call<unknown>('POST', '/api/auth/logout'),
    needsSetup: async () => (await call<{ needed: boolean }>('GET', '/api/auth/setup')).needed,
    /** Whose password a one-time token sets. */
    lookAtSetup: (token: string) => call<{ username: string }>('POST', '/api/auth/setup/look', { token }),
    setUp: (token: string, password: string) =>
      call<{ username: string }>('POST', '/api/auth/setup', { token, password }),
    overview: () => call<Overview>('GET', '/api/admin/overview'),
  };
}

export type Api = ReturnType<typeof createApi>;
