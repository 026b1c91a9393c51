/** A piece of XML: held text, a tag, or text between tags. */
const PIECE = /<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g;

/** The same body with one element a line, for people. What is neither XML nor JSON stays as it is. */
export function prettyBody(body: string): string {
  const text = body.trim();
  if (text.startsWith('{')) return prettyJson(body);
  if (!text.startsWith('<')) return body;
  const lines: string[] = [];
  let depth = 0;
  let line = '';
  const flush = () => {
    if (line) lines.push(line);
    line = '';
  };
  for (const [piece] of text.matchAll(PIECE)) {
    const closes = piece.startsWith('</');
    const opens = !closes && /^<[A-Za-z]/.test(piece) && !piece.endsWith('/>');
    if (closes) depth = Math.max(0, depth - 1);
    if (opens) flush();
    // The end of a group stands on a line of its own.
    if (closes && line === '') line = indent(depth);
    else if (line === '' && piece.trim() !== '') line = indent(depth);
    line += opens || closes ? piece : piece.trim() === '' ? '' : piece;
    if (opens) depth += 1;
    if (closes) flush();
  }
  flush();
  return lines.join('\n');
}

const indent = (depth: number): string => '  '.repeat(depth);

function prettyJson(body: string): string {
  // Numbers beyond 2^53 would not survive reading and writing.
  if (/\d{16}/.test(body)) return body.replace(/,"/g, ',\n"');
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
