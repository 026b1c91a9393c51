import type { ErrcodeEntry, LedgerEntry } from '../types';

/** A subscribe message the service tried to send to somebody. */
export interface Send {
  id: number;
  at: number;
  ok: boolean;
  errcode: number;
  text: string;
}

const PATH = '/cgi-bin/message/subscribe/send';

/** What came of the messages to one person, newest first. `errcodes`: meanings, as far as they are loaded. */
export function sendsTo(
  ledger: readonly LedgerEntry[],
  openid: string,
  errcodes: Readonly<Record<string, ErrcodeEntry>>,
): Send[] {
  return ledger
    .filter(({ path, body }) => path === PATH && touser(body) === openid)
    .map(({ id, at_ms, errcode, status }) => ({
      id,
      at: at_ms,
      ok: errcode === 0 && status === 200,
      errcode,
      text: told(errcode, status, errcodes),
    }));
}

function told(errcode: number, status: number, errcodes: Readonly<Record<string, ErrcodeEntry>>): string {
  if (errcode === 43101)
    return '43101：没有可用的订阅次数，或者用户拒收。服务会把这份订阅记为用完，直到顾问再订阅一次。';
  if (errcode !== 0) return `${errcode}：${errcodes[String(errcode)]?.meaning_zh ?? '微信拒绝了'}`;
  return status === 200 ? '已送达' : `没有正常回答（HTTP ${status}）`;
}

function touser(body: string): unknown {
  try {
    return (JSON.parse(body) as { touser?: unknown } | null)?.touser;
  } catch {
    return undefined;
  }
}
