import { WxError } from './wx-error';

/** What one person's phone keeps for one mini program. Values are whatever JSON can say. */
export interface MiniStorage {
  keys(): string[];
  /** Fails when there is nothing under the key. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  remove(key: string): void;
  clear(): void;
  /** KiB in use and at most, as `wx.getStorageInfo` says. */
  info(): { keys: string[]; currentSize: number; limitSize: number };
}

const PREFIX = 'weixin_emulator_mini/';

/** Bytes under one key, and in all. */
const MOST_OF_ONE = 1024 * 1024;
const MOST = 10 * 1024 * 1024;

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const shelfKey = (account: string, persona: string): string => `${PREFIX}${account}/${persona}`;

export function miniStorage(shelf: Shelf, account: string, persona: string): MiniStorage {
  const place = shelfKey(account, persona);
  const read = () => parse(shelf.getItem(place));
  const write = (values: Record<string, unknown>) => shelf.setItem(place, JSON.stringify(values));
  return {
    keys: () => Object.keys(read()),
    get(key) {
      const values = read();
      if (!(key in values)) throw new WxError('getStorage:fail data not found');
      return values[key];
    },
    set(key, value) {
      if (key === '') throw new WxError('setStorage:fail key is empty');
      const text = JSON.stringify(value);
      if (text === undefined) throw new WxError('setStorage:fail data is not JSON');
      if (bytes(text) > MOST_OF_ONE) throw new WxError('setStorage:fail entry size limit reached');
      const values = { ...read(), [key]: value };
      if (bytes(JSON.stringify(values)) > MOST)
        throw new WxError('setStorage:fail exceed storage max size 10Mb');
      write(values);
    },
    remove(key) {
      const { [key]: _, ...rest } = read();
      write(rest);
    },
    clear: () => shelf.removeItem(place),
    info() {
      const values = read();
      const size = Object.keys(values).length === 0 ? 0 : bytes(JSON.stringify(values));
      return { keys: Object.keys(values), currentSize: Math.ceil(size / 1024), limitSize: MOST / 1024 };
    },
  };
}

/** Forgets what every mini program has kept for everybody: the emulator has begun again. */
export function forgetEverything(storage: Pick<Storage, 'length' | 'key' | 'removeItem'>): void {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  for (const key of keys) if (key?.startsWith(PREFIX)) storage.removeItem(key);
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
