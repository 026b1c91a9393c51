/** What a login of the past, or of somebody else, left in the address. */
const LEFT = ['code', 'state'];

/** The address without `code` and `state`; everything else stays byte for byte. */
export function withoutLogin(href: string): string {
  const [page = '', ...fragment] = href.split('#');
  const [path = '', ...query] = page.split('?');
  const kept = query
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && !LEFT.includes(pair.split('=', 1)[0] ?? ''));
  return [kept.length > 0 ? `${path}?${kept.join('&')}` : path, ...fragment].join('#');
}

/** Whether the address has a code nobody can have sent here: WeChat always brings the state along. */
export function hasCodeAlone(href: string): boolean {
  const query = new URL(href).searchParams;
  return Boolean(query.get('code')) && !query.get('state');
}
