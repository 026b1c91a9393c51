/** A page of a mini program with its parameters. */
export interface Route {
  path: string;
  query: Record<string, string>;
}

/** Reads `pages/a/b?id=1`, with or without a slash in front. What is encoded wrongly stays as it is. */
export function parseRoute(text: string): Route {
  const [path = '', rest = ''] = splitOnce(text.trim().replace(/^\/+/, ''), '?');
  const query: Record<string, string> = {};
  for (const pair of rest.split('&')) {
    const [name = '', value = ''] = splitOnce(pair, '=');
    if (name !== '') query[decode(name)] = decode(value);
  }
  return { path, query };
}

/** Writes what [`parseRoute`] reads. */
export function routeText({ path, query }: Route): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
