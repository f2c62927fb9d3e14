/** How the screens are built and their tests are run. */
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { firstScript } from './firstScript.ts';
import { leanMessages, Words } from './messages.ts';

/**
 * SvelteKit hides the element that announces a new screen with a style attribute, which the security policy forbids.
 * The attribute is taken out; `base.css` hides the element instead.
 */
function strictAnnouncer(): Plugin {
  return {
    name: 'strict-announcer',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/generated/root.svelte')) return null;
      return code.replace(/(id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
    },
  };
}

const words = new Words();

export default defineConfig({
  plugins: [
    strictAnnouncer(),
    leanMessages(fileURLToPath(new URL('./messages/en', import.meta.url)), words),
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
    rolldownOptions: process.env.VITEST ? {} : { output: { codeSplitting: { groups: [firstScript(words)] } } },
  },
  // Components are mounted in tests: take Svelte's browser half.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    // Tests that read thousands of random documents take their time on a busy machine; none of them waits for a clock.
    testTimeout: 60_000,
  },
});
