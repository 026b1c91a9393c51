import { defineConfig } from 'vite';

/** Assets are served under `/wechat/demo/assets/`; nothing is inlined, because the page's CSP allows no inline code. */
export default defineConfig({
  base: '/wechat/demo/',
  build: { target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
