/** Facts of the running service, from `/wechat/demo/config.json`. */
export interface DemoConfig {
  mode: 'open' | 'strict';
  emulated: boolean;
  jweixinUrl: string | undefined;
  account: string | undefined;
  /** How browsers are meant to reach the service. */
  publicUrl: string | undefined;
}

/** Reads the answer; a field that is missing or of another type falls back to the careful reading. */
export function parseConfig(value: unknown): DemoConfig {
  const facts = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return {
    mode: facts.mode === 'open' ? 'open' : 'strict',
    emulated: facts.emulated === true,
    jweixinUrl: typeof facts.jweixinUrl === 'string' && facts.jweixinUrl ? facts.jweixinUrl : undefined,
    account: typeof facts.account === 'string' ? facts.account : undefined,
    publicUrl: typeof facts.publicUrl === 'string' && facts.publicUrl ? facts.publicUrl : undefined,
  };
}

const PATIENCE_MS = 5_000;

/** Asks the service; rejects when it does not answer soon. */
export async function loadConfig(): Promise<DemoConfig> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch('/wechat/demo/config.json', { signal: abort.signal });
    if (!response.ok) throw new Error(`没有读到页面的设置：config.json 的回答是 HTTP ${response.status}`);
    return parseConfig(await response.json());
  } finally {
    clearTimeout(timer);
  }
}

/** The emulator's phone page with this page opened on the phone, when the service talks to an emulator. */
export function phoneUrl(config: DemoConfig, page: string): string | undefined {
  if (!config.emulated || !config.jweixinUrl) return undefined;
  try {
    return new URL(`/?url=${encodeURIComponent(page)}`, config.jweixinUrl).href;
  } catch {
    return undefined;
  }
}
