/** What a phone's camera may see, as the control API wants it. */
export type Scanned = { url: string } | { ticket: string } | { scene: string; account: string };

/** A scene has at most 64 characters, a ticket more. */
const LONGEST_SCENE = 64;

/** Reads what was pasted: the address of a QR code or of its picture, a ticket, or a scene of this account. */
export function readScan(text: string, account: string): Scanned | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (/^https?:\/\//i.test(trimmed)) return { url: trimmed };
  if (trimmed.length > LONGEST_SCENE) return { ticket: trimmed };
  return { scene: trimmed, account };
}
