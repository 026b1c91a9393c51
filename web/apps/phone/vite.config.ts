import { defineConfig } from 'vite';

/** The page is the emulator's `/`; its files live under `/assets/`, where WeChat has nothing. */
export default defineConfig({
  build: { target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '^/(_emulator|connect|mmopen|_page)/': 'http://localhost:3002' } },
});
