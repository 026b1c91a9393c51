/** The one-time token behind the `#` of a set-up link, which no server ever saw. */
export function setupToken(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('setup')?.trim();
  return token && /^[A-Za-z0-9]{20,128}$/.test(token) ? token : undefined;
}
