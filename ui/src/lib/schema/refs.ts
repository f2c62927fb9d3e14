/**
 * References followed and parts put together, so that a node can be read without its root. Belongs here: `$ref`, `allOf`, and
 * remembering what was worked out. Does not belong here: which part of a union a value is (`branches.ts`).
 */
import { isNode, type Schema, type SchemaNode } from './schema';

/** More references and unions within each other than any honest schema has. */
const DEEP = 100;

/** A schema never changes, so what is worked out for a node of it holds as long as the schema lives. */
const memory = new WeakMap<SchemaNode, { resolved: Map<SchemaNode, Schema>; settled: Map<SchemaNode, Schema> }>();

function remembered(root: SchemaNode) {
  let known = memory.get(root);
  if (!known) memory.set(root, (known = { resolved: new Map(), settled: new Map() }));
  return known;
}

/** The node without references: its own, those of its `allOf` and of the branches of its unions. Children may still have some. */
export function resolved(root: Schema, schema: Schema): Schema {
  return isNode(root) ? (resolve(root, schema, new Set()) ?? true) : schema;
}

/** As `resolved`, with the children resolved as well: enough to list them with their names and kinds. */
export function settled(root: Schema, schema: Schema): Schema {
  if (!isNode(root) || !isNode(schema)) return schema;
  const { settled: known } = remembered(root);
  const before = known.get(schema);
  if (before !== undefined) return before;
  const node = resolved(root, schema);
  const after = isNode(node) ? withChildren(root, node) : node;
  known.set(schema, after);
  return after;
}

function withChildren(root: SchemaNode, node: SchemaNode): SchemaNode {
  const one = (schema: Schema) => resolved(root, schema);
  const copy: SchemaNode = { ...node };
  if (isNode(node.properties)) copy.properties = mapValues(node.properties, one);
  if (isNode(node.patternProperties)) copy.patternProperties = mapValues(node.patternProperties, one);
  if (node.additionalProperties !== undefined) copy.additionalProperties = one(node.additionalProperties);
  if (node.items !== undefined) copy.items = Array.isArray(node.items) ? node.items.map(one) : one(node.items);
  // The branches of a resolved union hold no circle: it was cut there.
  for (const word of ['anyOf', 'oneOf'] as const) {
    if (Array.isArray(node[word])) copy[word] = node[word].map((branch) => settled(root, branch));
  }
  return copy;
}

/** Two descriptions of one place as one, for reading. Where both say something, the first is right. */
export function merged(first: SchemaNode, second: SchemaNode): SchemaNode {
  const both: SchemaNode = { ...second, ...first };
  if (isNode(first.properties) && isNode(second.properties)) both.properties = { ...second.properties, ...first.properties };
  if (Array.isArray(first.required) && Array.isArray(second.required)) both.required = [...new Set([...first.required, ...second.required])];
  return both;
}

/** Undefined for a node that is being resolved already: it says nothing new about itself. */
function resolve(root: SchemaNode, schema: Schema, inside: Set<SchemaNode>): Schema | undefined {
  if (!isNode(schema)) return schema === false ? false : true;
  const { resolved: known } = remembered(root);
  const before = known.get(schema);
  if (before !== undefined) return before;
  if (inside.has(schema) || inside.size > DEEP) return undefined;
  inside.add(schema);
  const after = parts(root, schema, inside);
  inside.delete(schema);
  if (after !== undefined) known.set(schema, after);
  return after;
}

function parts(root: SchemaNode, schema: SchemaNode, inside: Set<SchemaNode>): Schema | undefined {
  let node: SchemaNode = schema;
  if (typeof schema.$ref === 'string') {
    const { $ref, ...notes } = schema;
    const target = resolve(root, pointed(root, $ref), inside);
    if (!isNode(target)) return target === undefined && Object.keys(notes).length === 0 ? undefined : target === false ? false : notes;
    node = merged(notes, target);
  }
  for (const word of ['anyOf', 'oneOf'] as const) {
    if (!Array.isArray(node[word])) continue;
    const branches = node[word].map((branch) => resolve(root, branch, inside)).filter((branch) => branch !== undefined);
    node = { ...node, [word]: branches };
  }
  if (!Array.isArray(node.allOf)) return node;
  const { allOf, ...own } = node;
  return allOf.reduce<SchemaNode>((whole, part) => {
    const more = resolve(root, part, inside);
    return isNode(more) ? merged(whole, more) : whole;
  }, own);
}

/** What a local reference points at; true, which says nothing, where it points at nothing of ours. */
function pointed(root: SchemaNode, reference: string): Schema {
  if (!reference.startsWith('#')) return true;
  let at: unknown = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return true;
    at = (at as Record<string, unknown>)[key];
  }
  return isNode(at) || at === false ? at : true;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function mapValues(map: Record<string, Schema>, change: (schema: Schema) => Schema): Record<string, Schema> {
  return Object.fromEntries(Object.entries(map).map(([key, schema]) => [key, change(schema)]));
}
