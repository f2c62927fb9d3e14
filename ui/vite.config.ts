/** How the screens are built and their tests are run. */
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      // English first: nothing is read from cookies, storage or the address.
      strategy: ['baseLocale'],
      emitGitIgnore: false,
    }),
    sveltekit(),
  ],
  build: {
    // The security policy allows fonts and scripts from files only, never from data addresses.
    assetsInlineLimit: 0,
    target: 'safari17',
  },
  // Components are mounted in tests: take Svelte's browser half.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
  },
});
