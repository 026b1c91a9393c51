import type { KeyValueStorage } from '../types';
import { WeiqiaoError } from './weiqiao-error';

/** A storage that can be used, and why it is one in memory, if it is. */
export interface PickedStorage {
  storage: KeyValueStorage;
  /** What the browser threw instead of keeping a value. */
  refusal?: unknown;
}

/** The browser's storage, or one in memory where the browser refuses it (private mode, blocked cookies, full disk). */
export function pickStorage(browserStorage: () => KeyValueStorage): PickedStorage {
  try {
    const storage = browserStorage();
    const probe = 'weiqiao_probe';
    storage.setItem(probe, '1');
    storage.removeItem(probe);
    return { storage: guardStorage(storage) };
  } catch (refusal) {
    return { storage: memoryStorage(), refusal };
  }
}

/** The same storage; what it throws becomes the one error class. It may fill up, or be blocked, at any time. */
export function guardStorage(storage: KeyValueStorage): KeyValueStorage {
  const guarded = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw storageUnavailable(error);
    }
  };
  return {
    getItem: (key) => guarded(() => storage.getItem(key)),
    setItem: (key, value) => guarded(() => storage.setItem(key, value)),
    removeItem: (key) => guarded(() => storage.removeItem(key)),
  };
}

export function storageUnavailable(cause: unknown): WeiqiaoError {
  return new WeiqiaoError(
    'STORAGE_UNAVAILABLE',
    '浏览器不允许本页存储数据，或存储空间已满：登录后无法记住，请允许 Cookie 与网站数据后刷新页面',
    {},
    cause,
  );
}

function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => {
      values.set(key, value);
    },
    removeItem: (key) => {
      values.delete(key);
    },
  };
}
