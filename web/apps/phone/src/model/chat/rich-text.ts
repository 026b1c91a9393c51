/** A piece of an account's text: plain, a link, or an answer that is sent when tapped. */
export type Piece =
  | { text: string }
  | { text: string; href: string }
  | { text: string; send: string; menuId: string };

const LINK = /<a\s[^>]*?href\s*=\s*(["'])(.*?)\1[^>]*>([\s\S]*?)<\/a>/gi;

/**
 * The text of an account as WeChat shows it: `<a href>` is a link, `weixin://bizmsgmenu?…` an answer to tap; all other
 * markup stays text. Only web addresses become links.
 */
export function richText(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const [whole, , href = '', label = ''] = match;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push(link(href, label) ?? { text: whole });
    end = match.index + whole.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

function link(href: string, label: string): Piece | null {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  if (['http:', 'https:'].includes(url.protocol)) return { text: label, href: url.href };
  if (url.protocol !== 'weixin:' || !href.startsWith('weixin://bizmsgmenu?')) return null;
  return {
    text: label,
    send: url.searchParams.get('msgmenucontent') ?? label,
    menuId: url.searchParams.get('msgmenuid') ?? '',
  };
}
