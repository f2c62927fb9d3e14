/**
 * A schema made from a document that has none: what is there, and nothing that is not. Types are taken from the values; choices
 * are not guessed, and a number may always have a fraction.
 */
import { typeOf } from './branches';
import { namesSecret } from './keys';
import { isNode, type Schema, type SchemaNode } from './schema';

/** Deeper than any form goes. */
const DEEP = 60;

export function inferSchema(document: unknown): Schema {
  return infer(document, '', 0);
}

function infer(value: unknown, key: string, depth: number): Schema {
  const type = typeOf(value);
  if (type === undefined || type === 'null' || depth > DEEP) return true;
  if (type === 'string') return namesSecret(key) ? { type, 'x-secret': true } : { type };
  if (type === 'array') {
    // The entries of a list of secrets are secrets: they have their list's name.
    const entries = (value as unknown[]).map((entry) => infer(entry, key, depth + 1));
    return { type, items: united(entries) };
  }
  return type === 'object' ? inferObject(value as Record<string, unknown>, depth) : { type };
}

function inferObject(value: Record<string, unknown>, depth: number): SchemaNode {
  const entries = Object.entries(value).map(([key, inner]) => [key, infer(inner, key, depth + 1)] as const);
  if (isMap(entries)) return { type: 'object', additionalProperties: united(entries.map(([, schema]) => schema)) };
  return { type: 'object', properties: Object.fromEntries(entries), additionalProperties: true };
}

/** Whether the keys are names that somebody gave: none yet, all values of one shape, or keys that no programmer writes. */
function isMap(entries: (readonly [string, Schema])[]): boolean {
  if (entries.length === 0) return true;
  const schemas = entries.map(([, schema]) => schema);
  if (entries.length > 1 && schemas.every(isShape)) return areAlike(schemas as SchemaNode[]);
  const types = new Set(schemas.map((schema) => (isNode(schema) ? schema.type : undefined)));
  return types.size === 1 && !types.has(undefined) && entries.some(([key]) => !/^[a-z_$][\w$]*$/i.test(key) || (entries.length > 1 && /^[A-Z][A-Z0-9_]*$/.test(key)));
}

const isShape = (schema: Schema) => isNode(schema) && isNode(schema.properties) && Object.keys(schema.properties).length > 0;

/** Objects are of one shape when most of their keys are in most of them. */
function areAlike(shapes: SchemaNode[]): boolean {
  const counts = new Map<string, number>();
  for (const { properties } of shapes) for (const key of Object.keys(properties ?? {})) counts.set(key, (counts.get(key) ?? 0) + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return all / (counts.size * shapes.length) >= 0.6;
}

/** One schema for several values. Objects are laid over each other; what differs in type is a union. */
function united(schemas: Schema[]): Schema {
  const byType = new Map<string, SchemaNode>();
  for (const schema of schemas) {
    if (!isNode(schema)) continue;
    for (const one of schema.anyOf ?? [schema]) {
      if (!isNode(one) || typeof one.type !== 'string') continue;
      const before = byType.get(one.type);
      byType.set(one.type, before ? both(before, one) : one);
    }
  }
  const kinds = [...byType.values()];
  return kinds.length === 0 ? true : kinds.length === 1 && kinds[0] ? kinds[0] : { anyOf: kinds };
}

function both(first: SchemaNode, second: SchemaNode): SchemaNode {
  const node: SchemaNode = { ...second, ...first };
  if (first.items !== undefined || second.items !== undefined) node.items = united([first.items ?? true, second.items ?? true].flat());
  if (first.properties || second.properties) {
    const keys = new Set([...Object.keys(first.properties ?? {}), ...Object.keys(second.properties ?? {})]);
    node.properties = Object.fromEntries([...keys].map((key) => [key, united([own(first, key), own(second, key)])]));
  }
  if (isNode(first.additionalProperties) && isNode(second.additionalProperties)) {
    node.additionalProperties = united([first.additionalProperties, second.additionalProperties]);
  }
  return node;
}

const own = (node: SchemaNode, key: string): Schema => (node.properties && Object.hasOwn(node.properties, key) ? (node.properties[key] ?? true) : true);
