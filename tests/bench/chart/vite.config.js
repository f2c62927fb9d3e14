/** The page with the charts, built as the app's screens are. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  base: './',
  configFile: false,
  plugins: [svelte({ configFile: false })],
  resolve: { alias: { $lib: resolve(here, '../../../ui/src/lib') } },
  build: { target: 'safari17', assetsInlineLimit: 0, emptyOutDir: true },
});
