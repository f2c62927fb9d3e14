/**
 * Words in the built page. Belongs here: that a screen brings the words that it says, and no others.
 * Paraglide makes a module of each message; `m[…]` with a name that is made at run time asks for all of them, so each such place gets
 * those whose names fit. There is one language, so a message is its function without the question for the language around it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** ``m[`bulk_why_${why}`]``, or `m[signature.cause]`: there the names begin with the noun. */
const PLACE = /(?<![\w.$])m\[(?:`([A-Za-z0-9_]*)\$\{([^`]*)\}([A-Za-z0-9_]*)`|([a-z]+)(\.[a-z]+))\]/g;
const OTHER = /(?<![\w.$])m\[/;
const MESSAGE = /((?:export )?const \w+ = )[^\n]*\n[^\n]*getLocale\(\)\s*return (en_\w+)\(inputs\)\s*\}\);?/;
const VIRTUAL = 'virtual:messages/';

/** Which words each file of the app says, and which message a module is: known when all of them were read. */
export class Words {
  readonly #said = new Map<string, Set<string>>();
  readonly #names = new Map<string, string>();

  says(file: string, names: readonly string[]): void {
    this.#said.set(file, new Set([...(this.#said.get(file) ?? []), ...names]));
  }

  is(module: string, name: string): void {
    this.#names.set(module, name);
  }

  /** The message that a module is; undefined for anything else. */
  nameOf = (module: string): string | undefined => this.#names.get(module);
  /** What a file says. */
  saidIn = (file: string): ReadonlySet<string> => this.#said.get(file) ?? new Set();
}

/** @param catalogue the folder with the messages of one language */
export function leanMessages(catalogue: string, words: Words): Plugin {
  const names = readdirSync(catalogue).filter((file) => file.endsWith('.json'))
    .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(catalogue, file), 'utf8')) as object)).filter((name) => !name.startsWith('$'));
  return {
    name: 'lean-messages',
    enforce: 'pre',
    apply: 'build',
    resolveId: (id) => (id.startsWith(VIRTUAL) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${VIRTUAL}`)) return null;
      const [before = '', after = ''] = id.slice(VIRTUAL.length + 1).split('*');
      const fit = names.filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length);
      if (fit.length === 0) this.error(`No message is called ${before}…${after}.`);
      words.says(id, fit);
      const taken = fit.map((name, at) => `${JSON.stringify(name)} as m${at}`).join(', ');
      return `import { ${taken} } from '$lib/paraglide/messages/_index.js';\nexport default { ${fit.map((name, at) => `${JSON.stringify(name)}: m${at}`).join(', ')} };`;
    },
    transform(code, id) {
      if (id.includes('/paraglide/messages/') && MESSAGE.test(code)) words.is(id, /as "(\w+)"/.exec(code)?.[1] ?? /export const (\w+)/.exec(code)?.[1] ?? '');
      if (id.includes('/paraglide/messages/')) return MESSAGE.test(code) ? code.replace(MESSAGE, '$1$2;') : null;
      if (!id.includes('/ui/src/') || !/\.(svelte|ts)$/.test(id)) return null;
      words.says(id, [...code.matchAll(/(?<![\w.$])m\.(\w+)/g)].map(([, name]) => name ?? ''));
      if (!OTHER.test(code)) return null;
      const wanted = new Map<string, string>();
      const changed = code.replace(PLACE, (_, before: string | undefined, made: string, after: string, noun: string, field: string) => {
        const key = before === undefined ? `${noun}_*` : `${before}*${after}`;
        const name = wanted.get(key) ?? `words${wanted.size}OfPlace`;
        wanted.set(key, name);
        return before === undefined ? `${name}[${noun}${field}]` : `${name}[\`${before}\${${made}}${after}\`]`;
      });
      if (OTHER.test(changed)) this.error(`${id} asks for a message by a name that could be any: make its beginning visible.`);
      const imports = [...wanted].map(([key, name]) => `import ${name} from '${VIRTUAL}${key}';`).join('\n');
      if (!id.endsWith('.svelte')) return `${imports}\n${changed}`;
      return changed.replace(/<script lang="ts"(?! module)[^>]*>/, (tag) => `${tag}\n${imports}\n`);
    },
  };
}
