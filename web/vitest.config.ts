import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Unit tests of the packages and apps. Browser tests live in `e2e` and have their own configuration. */
export default defineConfig({
  resolve: {
    alias: { '@weiqiao/browser': fileURLToPath(new URL('packages/browser/src/index.ts', import.meta.url)) },
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'lib/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
    environment: 'node',
    unstubGlobals: true,
    restoreMocks: true,
  },
});
