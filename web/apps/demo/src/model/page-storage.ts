type PageStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * The browser's storage for what this page only likes to remember: nothing is found and nothing is kept where the browser
 * refuses, be it the storage itself or one more value. The login's own storage is the SDK's business, which tells.
 */
export function pageStorage(open: () => PageStorage): PageStorage {
  const tolerant = <T>(run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch {
      return otherwise;
    }
  };
  return {
    getItem: (key) => tolerant(() => open().getItem(key), null),
    setItem: (key, value) => tolerant(() => open().setItem(key, value), undefined),
  };
}

export const local = pageStorage(() => localStorage);
export const tab = pageStorage(() => sessionStorage);
