import type { RequestRecord } from './send-request';

/** Kept in the panel. */
export const KEPT = 60;

/** The calls with one as it is now, newest first. */
export function withRecord(log: readonly RequestRecord[], record: RequestRecord): RequestRecord[] {
  const at = log.findIndex(({ id }) => id === record.id);
  if (at >= 0) return log.map((one) => (one.id === record.id ? record : one));
  return [record, ...log].slice(0, KEPT);
}

/** How many did not end well. */
export const failures = (log: readonly RequestRecord[]): number =>
  log.filter(({ running, status }) => !running && (status === 0 || status >= 400)).length;

/** The call as a line for a terminal; the session has to be filled in. */
export function asCurl({ method, url, header, sent }: RequestRecord): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const headers = Object.entries(header).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const body = sent === '' ? [] : [`-d ${quoted(sent)}`];
  return [`curl -s -X ${method} ${quoted(url)}`, ...headers, ...body].join(' \\\n  ');
}
