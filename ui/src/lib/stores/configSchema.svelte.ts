/** Which JSON Schema describes a configuration: an imported one, the one the app carries, or one made from the document. */
import type { Failure } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { inferSchema } from '$lib/schema/infer';
import { isNode, loadSchema, type Schema } from '$lib/schema/schema';
import { asFailure } from '$lib/text/failure';

type SchemaIpc = Pick<Ipc, 'getConfigSchema' | 'importConfigSchema'>;

export type SchemaSource = 'imported' | 'bundled' | 'document';

export class ConfigSchema {
  imported = $state.raw<Schema | null>(null);
  bundled = $state.raw<Schema | null>(null);
  loaded = $state(false);
  failure = $state.raw<Failure | null>(null);
  #chosen = $state<SchemaSource | null>(null);
  #inferred: { text: string; schema: Schema } | null = null;
  readonly #ipc: SchemaIpc;
  readonly #runtime: string | null;

  constructor(ipc: SchemaIpc, runtime: string | null) {
    this.#ipc = ipc;
    this.#runtime = runtime;
  }

  /** A runtime without a name has no schema of its own: there is nothing to import one for. */
  get canImport(): boolean {
    return this.#runtime !== null;
  }

  get available(): SchemaSource[] {
    return [...(this.imported === null ? [] : ['imported' as const]), ...(this.bundled === null ? [] : ['bundled' as const]), 'document'];
  }

  get source(): SchemaSource {
    const { available } = this;
    return this.#chosen && available.includes(this.#chosen) ? this.#chosen : (available[0] ?? 'document');
  }

  choose(source: SchemaSource): void {
    this.#chosen = source;
  }

  async load(): Promise<void> {
    const [bundled, imported] = await Promise.allSettled([loadSchema(this.#runtime), this.#runtime === null ? null : this.#ipc.getConfigSchema(this.#runtime)]);
    if (bundled.status === 'fulfilled') this.bundled = bundled.value;
    if (imported.status === 'fulfilled') this.imported = asSchema(imported.value);
    this.loaded = true;
  }

  /** Asks for a file. True: there is a new schema, and it is used. */
  async importOne(): Promise<boolean> {
    if (this.#runtime === null) return false;
    this.failure = null;
    try {
      if (!(await this.#ipc.importConfigSchema(this.#runtime))) return false;
      this.imported = asSchema(await this.#ipc.getConfigSchema(this.#runtime));
      this.#chosen = 'imported';
      return this.imported !== null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return false;
    }
  }

  /** The schema in use. One made from the document is made once for each document. */
  rootFor(text: string): Schema {
    const told = this.source === 'imported' ? this.imported : this.source === 'bundled' ? this.bundled : null;
    if (told !== null) return told;
    if (this.#inferred?.text !== text) this.#inferred = { text, schema: inferSchema(JSON.parse(text)) };
    return this.#inferred.schema;
  }
}

function asSchema(text: string | null): Schema | null {
  if (text === null) return null;
  try {
    const schema: unknown = JSON.parse(text);
    return isNode(schema) ? schema : null;
  } catch {
    return null;
  }
}
