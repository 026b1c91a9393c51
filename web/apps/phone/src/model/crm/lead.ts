import { type Explained, explain } from '../mini/explain';
import type { Wx } from '../mini/wx';
import { WxError } from '../mini/wx-error';
import { ServiceError } from './client';

/** Who a lead is, in clear. */
export interface Revealed {
  name: string;
  phone: string;
}

/** A lead as staff see it; name and phone are masked. */
export interface Lead {
  id: string;
  customer_id: string;
  name: string;
  phone: string;
  lead_level: string;
  contract_status: string;
  /** Where it comes from, such as 其他. */
  lead_source: string;
  remarks: string;
  assigned_to: string | null;
  /** Epoch seconds. */
  created_at: number;
}

/** What a member of staff may read; a customer's session may not. */
export interface StaffDesk {
  /** Whether somebody of the staff has logged in on this phone. */
  signedIn(): Promise<boolean>;
  login(username: string, password: string): Promise<void>;
  /** Null: there is no such lead, as for a customer who left no number. */
  lead(id: string): Promise<Lead | null>;
  /** Name and phone in clear. The service writes down who asked and why. */
  reveal(id: string, reason: string): Promise<Revealed>;
}

const KEY = 'staff_token';

const GONE: Explained = {
  title: '服务没有这个接口',
  why: '服务回答 404。',
  next: '看看服务的版本；接口列表在 /docs。',
  retry: false,
  facts: [],
};

export function createStaffDesk(wx: Wx, service: () => string | null): StaffDesk {
  const ask = async <T>(options: Parameters<Wx['request']>[0]): Promise<T | null> => {
    const ended = await wx.request(options).catch((error: unknown) => ({
      statusCode: 0,
      data: null,
      failure: error instanceof WxError ? error.errMsg.replace(/^request:fail /, '') : '',
    }));
    const { statusCode: status, data } = ended;
    const failure = 'failure' in ended ? ended.failure : '';
    const explained = explain({ status, failure, data, service: service(), staff: true });
    if (status === 401 || status === 403) await wx.removeStorage({ key: KEY });
    if (status === 404) return null;
    if (explained) throw new ServiceError(explained);
    return (data as { data: T }).data;
  };
  const send = async <T>(options: Parameters<Wx['request']>[0]): Promise<T> => {
    const answer = await ask<T>(options);
    if (answer === null) throw new ServiceError(GONE);
    return answer;
  };
  const token = async () => {
    const found = await wx.getStorage({ key: KEY }).catch(() => null);
    return typeof found?.data === 'string' ? found.data : null;
  };
  const bearer = async () => ({ authorization: `Bearer ${(await token()) ?? ''}` });
  return {
    signedIn: async () => (await token()) !== null,
    async login(username, password) {
      const { access_token } = await send<{ access_token: string }>({
        url: '/api/auth/login',
        method: 'POST',
        data: { username, password },
      });
      await wx.setStorage({ key: KEY, data: access_token });
    },
    async lead(id) {
      const header = await bearer();
      return ask<Lead>({ url: `/api/admin/leads/${encodeURIComponent(id)}`, header });
    },
    async reveal(id, reason) {
      const url = `/api/admin/leads/${encodeURIComponent(id)}/reveal`;
      return send<Revealed>({ url, method: 'POST', data: { reason }, header: await bearer() });
    },
  };
}
