/**
 * What the window needs before it shows anything, in one file: a hundred small ones are asked for one by one, and pack worse.
 * Belongs here: which modules that are. Everything else is split as the bundler does, one screen at a time.
 */
import type { Words } from './messages.ts';

interface Graph { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null }

/** SvelteKit's start, the table of screens, the frame and the screen for errors. */
const FIRST = /\/kit\/src\/runtime\/client\/entry\.js$|\/client(-optimized)?\/app\.js$|\/client(-optimized)?\/nodes\/[01]\.js$/;

/** A group for the bundler's `codeSplitting`. */
export function firstScript(words: Words) {
  const roots = new Set<string>();
  let modules: Set<string> | undefined;
  let said = new Set<string>();
  return {
    name: (id: string, graph: Graph) => {
      modules ??= reach(graph, roots);
      if (said.size === 0) said = new Set([...modules].flatMap((file) => [...words.saidIn(file)]));
      const message = words.nameOf(id);
      const first = message === undefined ? modules.has(id) : said.has(message);
      return first ? 'first' : null;
    },
    test: (id: string) => {
      if (FIRST.test(id)) roots.add(id);
      return true;
    },
  };
}

/** All modules that the roots import, themselves or through others, but for the table of all messages. */
function reach(graph: Graph, roots: ReadonlySet<string>): Set<string> {
  const found = new Set(roots);
  for (const id of found) {
    if (id.endsWith('/paraglide/messages/_index.js')) continue;
    for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  }
  return found;
}
