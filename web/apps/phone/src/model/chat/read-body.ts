/** Fields of a callback's body: texts, and groups of fields. Of a repeated name the first counts. */
export interface Fields {
  [name: string]: string | Fields;
}

/** Reads what the emulator wrote: XML with one root, or JSON. Anything else has no fields. */
export function readBody(body: string, format: 'xml' | 'json'): Fields {
  try {
    return format === 'json' ? fromJson(JSON.parse(body)) : fromXml(body);
  } catch {
    return {};
  }
}

/** A field's text; the empty text when it is absent or a group. */
export function textOf(fields: Fields, ...path: string[]): string {
  let at: string | Fields | undefined = fields;
  for (const name of path) at = typeof at === 'object' ? at[name] : undefined;
  return typeof at === 'string' ? at : '';
}

function fromJson(value: unknown): Fields {
  const fields: Fields = {};
  for (const [name, item] of Object.entries((value ?? {}) as Record<string, unknown>))
    fields[name] = typeof item === 'object' && item !== null ? fromJson(item) : String(item ?? '');
  return fields;
}

const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<\/[^>]+>|<([^\s>/]+)[^>]*>|([^<]+)/g;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface Open {
  name: string;
  text: string;
  fields: Fields;
}

function fromXml(xml: string): Fields {
  const root: Open = { name: '', text: '', fields: {} };
  const stack = [root];
  for (const [token, held, name, plain] of xml.matchAll(TOKEN)) {
    const top = stack[stack.length - 1] ?? root;
    if (held !== undefined) top.text += held;
    else if (plain !== undefined) top.text += unescapeXml(plain);
    else if (name !== undefined) stack.push({ name, text: '', fields: {} });
    else if (token.startsWith('</') && stack.length > 1) {
      stack.pop();
      const outer = stack[stack.length - 1] ?? root;
      const group = Object.keys(top.fields).length > 0;
      outer.fields[top.name] ??= group ? top.fields : top.text;
    }
  }
  const document = root.fields.xml;
  return typeof document === 'object' ? document : {};
}

function unescapeXml(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
