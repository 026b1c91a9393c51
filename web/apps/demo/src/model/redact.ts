import { mask } from '@weiqiao/page/format';

// Identifiers and one-time values: enough is left to recognise them, not enough to use them.
const SENSITIVE = new Set(['token', 'code', 'openid', 'unionid', 'signature']);

/** A copy of a JSON value in which identifiers are masked, at any depth. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SENSITIVE.has(key) && typeof inner === 'string' && inner !== '' ? mask(inner) : redact(inner),
    ]),
  );
}

/** `/api/user/oABCDEFGHIJK` becomes `/api/user/oABC…IJK`; query values are shown decoded. */
export function redactPath(path: string): string {
  const [route = '', query] = path.split('?', 2);
  const shown = route.replace(
    /^\/api\/user\/(.+)$/,
    (_all, openid: string) => `/api/user/${mask(decodeURIComponent(openid))}`,
  );
  return query === undefined ? shown : `${shown}?${decodeURIComponent(query)}`;
}
