import adapter from '@sveltejs/adapter-static';

/** One page that the shell serves from its own files: every address falls back to it. @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ fallback: 'index.html' }),
    // A fixed name keeps two builds of the same sources the same.
    version: { name: 'nineheads' },
  },
};
