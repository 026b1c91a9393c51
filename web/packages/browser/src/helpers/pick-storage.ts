import type { KeyValueStorage } from '../types';

/** The browser's storage, or one in memory where the browser refuses it (private mode, blocked cookies, full disk). */
export function pickStorage(browserStorage: () => KeyValueStorage): KeyValueStorage {
  try {
    const storage = browserStorage();
    const probe = 'weiqiao_probe';
    storage.setItem(probe, '1');
    storage.removeItem(probe);
    return storage;
  } catch {
    return memoryStorage();
  }
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
