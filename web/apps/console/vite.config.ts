import { defineConfig } from 'vite';

/** Assets are served under `/console/assets/`; nothing is inlined, because the page's CSP allows no inline code. */
export default defineConfig({
  base: '/console/',
  build: { target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '^/api/': 'http://localhost:3001' } },
});
