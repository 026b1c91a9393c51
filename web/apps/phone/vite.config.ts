import { defineConfig } from 'vite';

/** The page is the emulator's `/`; its files live under `/_emulator/ui/`, out of the way of WeChat's own paths. */
export default defineConfig({
  base: '/_emulator/ui/',
  build: { target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '^/(_emulator/(?!ui/)|connect/)': 'http://localhost:3002' } },
});
