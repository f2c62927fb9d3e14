/** The app is one page, rendered where it is seen. */
export const ssr = false;
export const prerender = false;
