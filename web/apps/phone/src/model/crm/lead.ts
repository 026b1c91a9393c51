import { explain } from '../mini/explain';
import type { Wx } from '../mini/wx';
import { WxError } from '../mini/wx-error';
import { ServiceError } from './client';

/** A lead as staff see it; the phone is masked. */
export interface Lead {
  id: string;
  customer_id: string;
  name: string;
  phone: string;
  lead_level: string;
  contract_status: string;
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
}

const KEY = 'staff_token';

export function createStaffDesk(wx: Wx, service: () => string | null): StaffDesk {
  const send = async <T>(options: Parameters<Wx['request']>[0]): Promise<T> => {
    const ended = await wx.request(options).catch((error: unknown) => ({
      statusCode: 0,
      data: null,
      failure: error instanceof WxError ? error.errMsg.replace(/^request:fail /, '') : '',
    }));
    const { statusCode: status, data } = ended;
    const failure = 'failure' in ended ? ended.failure : '';
    const explained = explain({ status, failure, data, service: service() });
    if (status === 401 || status === 403) await wx.removeStorage({ key: KEY });
    if (explained) throw new ServiceError(explained);
    return (data as { data: T }).data;
  };
  const token = async () => {
    const found = await wx.getStorage({ key: KEY }).catch(() => null);
    return typeof found?.data === 'string' ? found.data : null;
  };
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
      const header = { authorization: `Bearer ${(await token()) ?? ''}` };
      for (let page = 1; page <= 5; page += 1) {
        const { items, total } = await send<{ items: Lead[]; total: number }>({
          url: `/api/admin/leads?page=${page}&page_size=200`,
          header,
        });
        const found = items.find((lead) => lead.id === id);
        if (found || page * 200 >= total) return found ?? null;
      }
      return null;
    },
  };
}
