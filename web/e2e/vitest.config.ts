import { defineConfig } from 'vitest/config';

/** Journeys in a real browser against the real binary. One file at a time: each starts a service and a Chromium. */
export default defineConfig({
  test: {
    include: ['journeys/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
