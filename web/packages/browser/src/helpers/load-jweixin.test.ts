import { expect, test } from 'vitest';
import { createContext } from '../context';
import { FakeJweixin } from '../testing/fake-jweixin';
import { FakeWindow } from '../testing/fake-window';
import { JWEIXIN_URLS, loadJweixin } from './load-jweixin';

test('a page that already has the script loads nothing', async () => {
  const window = new FakeWindow('https://a.cn/');
  window.wx = new FakeJweixin();
  await expect(loadJweixin(createContext(window))).resolves.toBe(window.wx);
  expect(window.scripts).toEqual([]);
});

test('something else called wx is not taken for the JS-SDK', async () => {
  const window = new FakeWindow('https://a.cn/');
  window.wx = { miniProgram: {} } as never;
  window.onScript = () => {
    window.jWeixin = new FakeJweixin();
    return true;
  };
  await expect(loadJweixin(createContext(window))).resolves.toBe(window.jWeixin);
});

test('the second host is tried when the first is down', async () => {
  const window = new FakeWindow('https://a.cn/');
  window.onScript = (url) => {
    if (url === JWEIXIN_URLS[0]) return false;
    window.wx = new FakeJweixin();
    return true;
  };
  await loadJweixin(createContext(window));
  expect(window.scripts).toEqual([...JWEIXIN_URLS]);
});

test('a configured address is the only one, and a failed load can be repeated', async () => {
  const window = new FakeWindow('https://a.cn/');
  const context = createContext(window, { jweixinUrl: 'https://emulator.test/jweixin.js' });
  window.onScript = () => false;
  await expect(loadJweixin(context)).rejects.toMatchObject({ code: 'SCRIPT_FAILED' });
  window.onScript = () => {
    window.wx = new FakeJweixin();
    return true;
  };
  await expect(loadJweixin(context)).resolves.toBe(window.wx);
  expect(window.scripts).toEqual(['https://emulator.test/jweixin.js', 'https://emulator.test/jweixin.js']);
});

test('two callers share one script tag', async () => {
  const window = new FakeWindow('https://a.cn/');
  const context = createContext(window);
  window.onScript = () => {
    window.wx = new FakeJweixin();
    return true;
  };
  await Promise.all([loadJweixin(context), loadJweixin(context)]);
  expect(window.scripts).toHaveLength(1);
});
