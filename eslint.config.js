// What a screen's code may say. Belongs here: rules that svelte-check does not know.
// Who may import whom is here too; the crates' side of that is in tests/layers.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

const shell = { group: ['@tauri-apps/*'], message: 'Only ui/src/lib/ipc speaks with the shell.' };

/** A part shows, a screen composes, a store knows. */
const above = {
  group: ['$lib/stores', '$lib/stores/*', '$lib/ipc', '$lib/ipc/*', '$lib/actions*', '**/stores/*', '**/ipc/*', '**/routes/**', '$app/*'],
  message: 'A part knows no domain: give it what it shows.',
};

const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default defineConfig(
  {
    ignores: [
      'ui/src/lib/paraglide/',
      'ui/src/lib/ipc/bindings.ts',
      'ui/.svelte-kit/',
      'ui/build/',
      'target/',
      'gen/',
      '.venv/',
    ],
  },
  js.configs.recommended,
  ts.configs.strict,
  ts.configs.stylistic,
  svelte.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-undef': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      // A type says more than an interface where a union is likely; both are fine.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // An empty function is a legal "nothing to do", in tests above all.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['ui/**/*.svelte', 'ui/**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Runes are assigned once and written by others: `let` is how they are spelled.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      // Stores put a new map in the old one's place, so that one change is one update.
      'svelte/prefer-svelte-reactivity': 'off',
      // There is no base path: the app is served from its own root.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  // Terminal escapes are control characters, and reading them is what this folder is for.
  { files: ['ui/src/lib/logs/**'], rules: { 'no-control-regex': 'off' } },
  { files: ['ui/**'], rules: imports(shell) },
  { files: ['ui/src/lib/parts/**'], rules: imports(shell, above) },
  { files: ['ui/src/lib/ipc/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['scripts/**', 'tests/**/*.js', '*.js', 'ui/*.js', 'ui/*.ts'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
);
