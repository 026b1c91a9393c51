import { type Explained, explain } from '../mini/explain';
import type { RequestResult } from '../mini/send-request';
import type { Wx } from '../mini/wx';
import { WxError } from '../mini/wx-error';
import { readSession, SESSION_KEY, type Session } from './session';

/** The service said no, or could not be reached. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(readonly explained: Explained) {
    super(explained.why);
  }
}

export type ActionType = 'view_resume' | 'contact_advisor' | 'book_service';

export interface Act {
  advisorId: string;
  type: ActionType;
  data?: Record<string, unknown>;
  name?: string;
  phone?: string;
  /** The same for the same tap, so that a repeated request changes nothing. */
  key: string;
}

/** What the service wrote down. */
export interface Acted {
  actionId: string;
  customerCreated: boolean;
  customerId?: string;
  /** Whether a message to the advisor was planned with it. */
  action?: { willNotify?: boolean };
  customer?: { customerId: string; name: string; phone: string };
}

/** What the service knows of a subscription. */
export interface Subscribed {
  subscribed: boolean;
  active: boolean;
  credits: number;
}

/** Which of the two logins. */
export type LoginWay = 'openid' | 'token';

/** The service's mini-program calls, as the demo uses them. */
export interface Crm {
  session(): Promise<Session | null>;
  /** `openid`: `/api/wechat/openid`; `token`: `/auth/wechat/mini`, which gives a token only. */
  login(way?: LoginWay): Promise<Session>;
  logout(): Promise<void>;
  act(act: Act): Promise<Acted>;
  subscribe(advisorId: string, templateId: string, subscribed: boolean, data?: unknown): Promise<Subscribed>;
  phone(code: string): Promise<string>;
}

const NO_SESSION: Explained = {
  title: '请先登录',
  why: '这一步要知道您是谁。',
  next: '点「微信一键登录」，不需要输入任何东西。',
  retry: false,
  facts: [],
};

/** `service`: where calls go, for saying so when nobody answers there. */
export function createCrm(wx: Wx, service: () => string | null): Crm {
  const fail = (status: number, failure: string, data: unknown): never => {
    const explained = explain({ status, failure, data, service: service() });
    throw explained ? new ServiceError(explained) : new Error('no failure');
  };
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    data: unknown,
    header: Record<string, string> = {},
  ) => {
    try {
      return await wx.request({ url, method, data, header });
    } catch (error) {
      const failure = error instanceof WxError ? error.errMsg.replace(/^request:fail /, '') : '';
      return fail(0, failure, null);
    }
  };
  const dataOf = <T>({ statusCode, data }: RequestResult): T =>
    statusCode < 400 ? (data as { data: T }).data : fail(statusCode, '', data);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  const session = async () => {
    const found = await wx.getStorage({ key: SESSION_KEY }).catch(() => null);
    return readSession(found?.data);
  };
  const byToken = async (code: string): Promise<Session> => {
    const { token } = dataOf<{ token: string }>(await send('POST', '/auth/wechat/mini', { code }));
    type Me = { user_info: { openid: string }; session: { expires_at: number } };
    const me = dataOf<Me>(await send('GET', '/api/me', undefined, bearer(token)));
    return { openid: me.user_info.openid, token, expires_at: me.session.expires_at };
  };
  const login = async (way: LoginWay = 'openid') => {
    const { code } = await wx.login();
    const { openid, token, expires_at } =
      way === 'token'
        ? await byToken(code)
        : dataOf<Session>(await send('POST', '/api/wechat/openid', { code }));
    const fresh = { openid, token, expires_at };
    await wx.setStorage({ key: SESSION_KEY, data: fresh });
    return fresh;
  };
  /** A call with the session. One that has ended is renewed once: `wx.login` asks nobody anything. */
  const post = async <T>(
    url: string,
    body: (session: Session) => unknown,
    header: Record<string, string> = {},
  ): Promise<T> => {
    let mine = await session();
    if (!mine) throw new ServiceError(NO_SESSION);
    let answer = await send('POST', url, body(mine), { ...header, ...bearer(mine.token) });
    if (answer.statusCode === 401) {
      mine = await login();
      answer = await send('POST', url, body(mine), { ...header, ...bearer(mine.token) });
    }
    return dataOf<T>(answer);
  };
  return {
    session,
    login,
    async logout() {
      const mine = await session();
      await wx.removeStorage({ key: SESSION_KEY });
      // The session is forgotten here in any case; whether the service could be told too is not this page's problem.
      if (mine) await send('POST', '/api/logout', {}, bearer(mine.token)).catch(() => null);
    },
    act: ({ advisorId, type, data = {}, name, phone, key }) =>
      post(
        '/api/customer/action',
        ({ openid }) => ({
          customerId: openid,
          advisorId,
          actionType: type,
          actionData: data,
          resumeId: advisorId,
          ...(name ? { customerName: name } : {}),
          ...(phone ? { customerPhone: phone } : {}),
        }),
        { 'idempotency-key': key },
      ),
    subscribe: (advisorId, templateId, subscribed, data) =>
      post('/api/advisor/subscribe', ({ openid }) => ({
        advisorId,
        openid,
        templateId,
        subscribed,
        ...(data ? { subscribeData: data } : {}),
      })),
    async phone(code) {
      const { pure_phone_number } = await post<{ pure_phone_number: string }>('/api/wechat/phone', () => ({
        code,
      }));
      return pure_phone_number;
    },
  };
}
