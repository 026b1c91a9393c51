import { defineConfig } from 'vite';

/** One ES module for bundlers and one self-contained script for plain pages (global `Weiqiao`). */
export default defineConfig({
  build: {
    target: 'es2020',
    emptyOutDir: true,
    minify: true,
    sourcemap: true,
    lib: {
      entry: 'src/index.ts',
      name: 'Weiqiao',
      formats: ['es', 'iife'],
      fileName: (format) => (format === 'es' ? 'index.js' : 'weiqiao.iife.js'),
    },
  },
});
