import { mask } from '@weiqiao/page/format';
import type { ErrcodeEntry, LedgerEntry } from './types';

/** Calls shown at most; the emulator keeps more. */
export const SHOWN = 300;

/** Puts newly read entries (oldest first) before the known ones (newest first). */
export function mergeEntries(known: LedgerEntry[], read: LedgerEntry[]): LedgerEntry[] {
  const newest = known[0]?.id ?? 0;
  const fresh = read.filter((entry) => entry.id > newest).reverse();
  return fresh.length === 0 ? known : [...fresh, ...known].slice(0, SHOWN);
}

/** How a call ended, in one word or two and a colour. */
export function verdict(entry: LedgerEntry): { text: string; tone: 'green' | 'red' | 'amber' } {
  if (entry.status === 0) return { text: '连接中断', tone: 'red' };
  if (entry.status >= 400) return { text: `HTTP ${entry.status}`, tone: 'red' };
  if (entry.errcode !== 0) return { text: String(entry.errcode), tone: 'red' };
  return entry.fault === null ? { text: '成功', tone: 'green' } : { text: '成功 · 有故障', tone: 'amber' };
}

const TOKEN_STATUS: Record<string, string> = {
  current: '最新',
  overlap: '旧的，仍在 5 分钟重叠期内',
  stale: '已被替换，失效',
  expired: '已过期',
  unknown: '不是这里签发的',
};

/** The access token a call presented, in words. */
export function tokenText(token: NonNullable<LedgerEntry['token']>): string {
  const status = TOKEN_STATUS[token.status] ?? token.status;
  if (token.line === null) return status;
  return `${token.line === 'stable' ? '稳定版' : '普通版'}第 ${token.generation} 代，${status}`;
}

/** What happened and what to do, in Chinese; null for a success without a fault. */
export function explainEntry(
  entry: LedgerEntry,
  errcodes: Record<string, ErrcodeEntry>,
): { meaning: string; next: string } | null {
  if (entry.status === 0)
    return {
      meaning: '故障注入断开了连接，调用方没有收到回答。',
      next: '调用方应把结果当作“不确定”，不能当作没有发生。',
    };
  if (entry.errcode === 0 && entry.status < 400) return null;
  const known = errcodes[String(entry.errcode)];
  const meaning =
    entry.errcode === 0
      ? `HTTP ${entry.status}：回答不是微信的 JSON。`
      : `${known?.meaning_zh ?? '没有收录的错误码'}。`;
  const next = known?.next_zh ?? '查看下面的回答原文。';
  return { meaning: entry.fault === null ? meaning : `${meaning}这是故障 #${entry.fault} 造成的。`, next };
}

const SECRET = new Set([
  'secret',
  'appsecret',
  'access_token',
  'refresh_token',
  'code',
  'js_code',
  'session_key',
  'ticket',
]);

/** Parameters for showing: secrets keep their ends only. */
export function maskQuery(query: Record<string, string>): [string, string][] {
  return Object.entries(query).map(([key, value]) => [key, SECRET.has(key) ? mask(value) : value]);
}

/** A body for showing: JSON indented with its secrets masked, anything else as it is. */
export function prettyBody(text: string): string {
  try {
    return JSON.stringify(maskValue(JSON.parse(text)), null, 2);
  } catch {
    return text;
  }
}

function maskValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET.has(key) && typeof inner === 'string' ? mask(inner) : maskValue(inner),
    ]),
  );
}

/** Whether an entry belongs to what was typed into the filter: path, account, errcode or rid. */
export function matches(entry: LedgerEntry, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return true;
  return [entry.path, entry.account ?? '', String(entry.errcode), entry.rid].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
