/**
 * Reading a schema for a form: the node at a place, and what a person is shown of it. Total: no path, document or schema makes
 * these throw. Does not belong here: how references and unions are worked out, and whether a document is valid.
 */
import { branchesOf, constantsOf, pickBranch, typeOf, typesOf } from './branches';
import { namesSecret, readableKey } from './keys';
import { merged, resolved, settled } from './refs';
import { isNode, type Schema, type SchemaNode } from './schema';

export type FieldKind = 'text' | 'multiline' | 'secret' | 'number' | 'integer' | 'boolean' | 'choice' | 'object' | 'map' | 'list' | 'json';

/** One of the values a field may take. The label is null where the schema has no name for it: show the value. */
export interface Choice {
  value: unknown;
  label: string | null;
  help: string | null;
}

export interface Child {
  key: string;
  schema: Schema;
  isRequired: boolean;
}

/**
 * The schema of a place. Of a union, objects and lists get the shape that fits the document; plain values keep the whole union,
 * so that another kind of value can be chosen. `false`: the schema knows no such place; `true`: it says nothing about it.
 */
export function schemaAt(root: Schema, path: readonly string[], document?: unknown): Schema {
  let schema: Schema = root;
  let value = document;
  for (const key of path) {
    schema = inside(root, schema, key, value) ?? true;
    value = valueIn(value, key);
  }
  const node = settled(root, schema);
  const type = typeOf(value);
  if (!isNode(node) || !(node.anyOf ?? node.oneOf) || (type !== 'object' && type !== 'array')) return node;
  const branch = pickBranch(node, value);
  if (!branch) return node;
  const own = { ...node };
  delete own.anyOf;
  delete own.oneOf;
  return merged(own, branch);
}

/** Whether a place, or one around it, is for those who know. */
export function isAdvanced(root: Schema, path: readonly string[], document?: unknown): boolean {
  let schema: Schema = root;
  let value = document;
  for (const key of path) {
    schema = resolved(root, inside(root, schema, key, value) ?? true);
    if (isNode(schema) && schema['x-advanced'] === true) return true;
    value = valueIn(value, key);
  }
  return false;
}

/** What the schema says about one step further in; undefined where it says nothing. */
function inside(root: Schema, schema: Schema, key: string, value: unknown): Schema | undefined {
  const node = resolved(root, schema);
  if (!isNode(node)) return node ? undefined : false;
  const own = childOf(node, key, value);
  if (own !== undefined && own !== false) return own;
  const branches = branchesOf(node).filter((branch) => branch !== node);
  const picked = value === undefined ? undefined : pickBranch(node, value);
  for (const branch of picked && picked !== node ? [picked] : branches) {
    const found = childOf(branch, key, value);
    if (found !== undefined && found !== false) return found;
  }
  return own ?? (branches.length > 0 && branches.every((branch) => childOf(branch, key, value) === false) ? false : undefined);
}

function childOf(node: SchemaNode, key: string, value: unknown): Schema | undefined {
  const isList = Array.isArray(value) || (value === undefined && node.items !== undefined && /^\d+$/.test(key));
  if (isList) {
    if (!Array.isArray(node.items)) return node.items;
    return node.items[Number(key)] ?? node.additionalItems;
  }
  if (isNode(node.properties) && Object.hasOwn(node.properties, key)) return node.properties[key] as Schema;
  for (const [pattern, schema] of Object.entries(node.patternProperties ?? {})) if (fits(pattern, key)) return schema;
  return node.additionalProperties;
}

function fits(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key);
  } catch {
    return false;
  }
}

function valueIn(value: unknown, key: string): unknown {
  const type = typeOf(value);
  if ((type !== 'object' && type !== 'array') || !Object.hasOwn(value as object, key) || key === 'length') return undefined;
  return (value as Record<string, unknown>)[key];
}

/** What a field for this value is. The schema decides, unless the value is of another kind: then it must not be lost. */
export function fieldKind(schema: Schema, value?: unknown, key = ''): FieldKind {
  const branches = branchesOf(schema);
  const types = new Set(branches.flatMap((branch) => typesOf(branch)));
  const saysNothing = types.size === 0 || branches.some((branch) => typesOf(branch).length === 0);
  const type = value === null ? undefined : typeOf(value);
  if (type !== undefined && !types.has(type)) return saysNothing ? kindOfValue(schema, value, key) : kindOfStray(schema, value, key);
  if (type === 'object') return objectKind(pickBranch(schema, value));
  if (type === 'array') return 'list';
  const choices = choicesOf(schema);
  if (choices.length > 0) return 'choice';
  return scalarKind(schema, types, type, value, key) ?? (types.has('array') ? 'list' : types.has('object') ? objectKind(branches.find((branch) => typesOf(branch).includes('object'))) : 'json');
}

/** The first scalar that is allowed, or the one that is there. */
function scalarKind(schema: Schema, types: Set<string>, type: string | undefined, value: unknown, key: string): FieldKind | undefined {
  const wanted = type ?? [...types].find((each) => each === 'string' || each === 'number' || each === 'boolean');
  if (wanted === 'string') return textKind(schema, value, key);
  if (wanted === 'boolean') return 'boolean';
  if (wanted !== 'number') return undefined;
  return branchesOf(schema).some((branch) => [branch.type].flat().includes('number')) ? 'number' : 'integer';
}

function textKind(schema: Schema, value: unknown, key: string): FieldKind {
  if (isSecretKey(key, schema)) return 'secret';
  const isLong = typeof value === 'string' && (value.includes('\n') || value.length > 200);
  return isLong || /prompt$|instructions$/i.test(key) ? 'multiline' : 'text';
}

function objectKind(branch: SchemaNode | undefined): FieldKind {
  return isNode(branch?.properties) && Object.keys(branch.properties).length > 0 ? 'object' : 'map';
}

/** Without a schema the value is all there is. */
function kindOfValue(schema: Schema, value: unknown, key: string): FieldKind {
  const type = typeOf(value);
  if (type === 'string') return textKind(schema, value, key);
  if (type === 'number' || type === 'boolean') return type;
  return type === 'array' ? 'list' : type === 'object' ? 'map' : 'json';
}

/** A value of a type that the schema does not allow, `"${PORT}"` for a number for instance. */
function kindOfStray(schema: Schema, value: unknown, key: string): FieldKind {
  const type = typeOf(value);
  return type === 'object' || type === 'array' ? 'json' : kindOfValue(schema, value, key);
}

/** The values to choose from, where all plain values that are allowed can be listed. A mere yes or no is no choice. */
export function choicesOf(schema: Schema): Choice[] {
  const choices: Choice[] = [];
  let isOnlyBoolean = true;
  for (const branch of branchesOf(schema)) {
    const types = typesOf(branch);
    if (types.length > 0 && types.every((type) => type === 'object' || type === 'array' || type === 'null')) continue;
    const constants = constantsOf(branch);
    const values = constants ?? (types.join() === 'boolean' ? [true, false] : null);
    if (values === null) return [];
    isOnlyBoolean &&= constants === null;
    const single = values.length === 1 && branch !== schema;
    for (const value of values) {
      const isNew = !choices.some((choice) => choice.value === value);
      if (isNew) choices.push({ value, label: single ? textOf(branch.title) : null, help: single ? textOf(branch.description) : null });
    }
  }
  return isOnlyBoolean ? [] : choices;
}

const textOf = (text: unknown) => (typeof text === 'string' && text.trim() !== '' ? text : null);

/** Not for an entry of a map: its key is its name. */
export function labelOf(schema: Schema, key: string): string {
  return (isNode(schema) && textOf(schema.title)) || readableKey(key);
}

export function helpOf(schema: Schema): string | null {
  return isNode(schema) ? textOf(schema.description) : null;
}

export function groupOf(schema: Schema): string | null {
  return isNode(schema) ? textOf(schema['x-group']) : null;
}

export function placeholderOf(schema: Schema): string | null {
  return isNode(schema) ? textOf(schema['x-placeholder']) : null;
}

export function docsOf(schema: Schema): string | null {
  return isNode(schema) ? textOf(schema['x-docs']) : null;
}

/** Whether the text at a key is to be hidden: the schema says so, or the name does and the schema allows a text. */
export function isSecretKey(key: string, schema: Schema = true): boolean {
  if (isNode(schema) && schema['x-secret'] === true) return true;
  if (!namesSecret(key)) return false;
  const branches = branchesOf(schema);
  return branches.length === 0 || branches.some((branch) => typesOf(branch).length === 0 || typesOf(branch).includes('string'));
}

export function defaultOf(schema: Schema): unknown {
  return isNode(schema) ? schema.default : undefined;
}

export function requiredKeys(schema: Schema): string[] {
  return isNode(schema) && Array.isArray(schema.required) ? schema.required.filter((key) => typeof key === 'string') : [];
}

/** The places that are described by name inside, in their order. Give what `schemaAt` returned. */
export function knownChildren(schema: Schema): Child[] {
  const holds = (branch: SchemaNode) => isNode(branch.properties) && Object.keys(branch.properties).length > 0;
  const node = isNode(schema) && holds(schema) ? schema : branchesOf(schema).find(holds);
  if (!node) return [];
  const required = new Set(requiredKeys(node));
  const order = (child: Child) => (isNode(child.schema) && typeof child.schema['x-order'] === 'number' ? child.schema['x-order'] : Infinity);
  return Object.entries(node.properties ?? {})
    .map(([key, child]) => ({ key, schema: child, isRequired: required.has(key) }))
    .sort((one, other) => (order(one) === order(other) ? 0 : order(one) - order(other)));
}
