/**
 * Reading a JSON Schema by place: which parts of it speak about the value at a path, and what they allow there.
 * Belongs here: following references and alternatives. Does not belong here: deciding whether a value fits (`validate.ts`).
 */
export type Schema = Record<string, unknown>;
export type Path = readonly (string | number)[];

export const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (of: unknown, key: string): unknown => (isSchema(of) && Object.hasOwn(of, key) ? of[key] : undefined);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The keys a JSON pointer (`#/definitions/a~1b`) goes through. */
export function pathOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map((part) => {
    let key = part;
    try {
      key = decodeURIComponent(part);
    } catch {
      // A lone % in a key: as it is written.
    }
    return key.replaceAll('~1', '/').replaceAll('~0', '~');
  });
}

/** What a local reference points at; null when it points nowhere or out of the document. */
export function pointed(root: unknown, reference: string): Schema | null {
  if (!reference.startsWith('#')) return null;
  let at: unknown = root;
  for (const key of pathOf(reference)) at = Array.isArray(at) ? at[Number(key)] : own(at, key);
  return isSchema(at) ? at : null;
}

/** The schema and everything it refers to or chooses from, each once. Loops of references end by themselves. */
export function alternatives(root: unknown, schema: unknown): Schema[] {
  const found = new Set<Schema>();
  const add = (one: unknown) => {
    if (!isSchema(one) || found.has(one)) return;
    found.add(one);
    if (typeof one.$ref === 'string') add(pointed(root, one.$ref));
    for (const word of ['allOf', 'anyOf', 'oneOf']) list(one[word]).forEach(add);
    add(one.then);
    add(one.else);
  };
  add(schema);
  return [...found];
}

function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key);
  } catch {
    return false;
  }
}

function children(schema: Schema, key: string | number): unknown[] {
  if (typeof key === 'number') {
    const first = list(schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : []));
    if (key < first.length) return [first[key]];
    return [Array.isArray(schema.items) ? schema.additionalItems : schema.items];
  }
  const named = own(schema.properties, key);
  const fitting = Object.entries(isSchema(schema.patternProperties) ? schema.patternProperties : {}).filter(([pattern]) => matches(pattern, key)).map(([, one]) => one);
  const all = [...(named === undefined ? [] : [named]), ...fitting];
  return all.length > 0 ? all : [schema.additionalProperties];
}

/** Every part of the schema that speaks about the value at the path. */
export function schemasAt(root: unknown, path: Path): Schema[] {
  let here = alternatives(root, root);
  for (const key of path) {
    const next = new Set<Schema>();
    for (const schema of here) for (const child of children(schema, key)) for (const one of alternatives(root, child)) next.add(one);
    here = [...next];
  }
  return here;
}

/** The keys an object may have there, with what is said about each and whether it must be there. */
export function knownKeys(root: unknown, schemas: readonly Schema[]): Map<string, { schemas: Schema[]; required: boolean }> {
  const keys = new Map<string, { schemas: Schema[]; required: boolean }>();
  for (const schema of schemas) {
    const required = list(schema.required);
    for (const [key, child] of Object.entries(isSchema(schema.properties) ? schema.properties : {})) {
      const known = keys.get(key) ?? { schemas: [], required: false };
      known.schemas.push(...alternatives(root, child));
      known.required ||= required.includes(key);
      keys.set(key, known);
    }
  }
  return keys;
}

/** The values that are named outright: constants, choices, defaults, examples; the default first. */
export function knownValues(schemas: readonly Schema[]): { value: unknown; isDefault: boolean }[] {
  const found = new Map<string, { value: unknown; isDefault: boolean }>();
  const add = (value: unknown, isDefault = false) => {
    const text = JSON.stringify(value);
    if (text !== undefined && (isDefault || !found.has(text))) found.set(text, { value, isDefault });
  };
  for (const schema of schemas) if ('default' in schema) add(schema.default, true);
  for (const schema of schemas) {
    if ('const' in schema) add(schema.const);
    for (const choice of list(schema.enum)) add(choice);
    for (const example of list(schema.examples)) add(example);
    const types = typesOf([schema]);
    if (types.includes('boolean') && !schema.enum && !('const' in schema)) [true, false].forEach((value) => add(value));
    if (types.includes('null')) add(null);
  }
  return [...found.values()];
}

export function typesOf(schemas: readonly Schema[]): string[] {
  return [...new Set(schemas.flatMap((schema) => (typeof schema.type === 'string' ? [schema.type] : list(schema.type).filter((type) => typeof type === 'string'))))];
}

/** The first words that say what the value is for. */
export function wordsOf(schemas: readonly Schema[]): { title: string; description: string } {
  const first = (key: string) => schemas.map((schema) => schema[key]).find((text): text is string => typeof text === 'string' && text !== '') ?? '';
  return { title: first('title'), description: first('description') };
}
