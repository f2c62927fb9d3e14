/**
 * Unions: which of the described shapes a value has. Works on resolved nodes (`refs.ts`). This is a guess for showing a value
 * in the right form, not a check.
 */
import { merged } from './refs';
import { isNode, type Schema, type SchemaNode } from './schema';

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export function typeOf(value: unknown): JsonType | undefined {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'object' || type === 'string' || type === 'number' || type === 'boolean' ? type : undefined;
}

/** The shapes that a node allows, in their order: itself, or the branches of its union and of the unions in these. */
export function branchesOf(schema: Schema): SchemaNode[] {
  const found = new Set<SchemaNode>();
  const seen = new Set<SchemaNode>();
  const visit = (branch: Schema, around: SchemaNode | null) => {
    const node = branch === true && schema !== true ? {} : branch;
    if (!isNode(node) || seen.has(node)) return;
    seen.add(node);
    const inner = [...list(node.anyOf), ...list(node.oneOf)];
    if (inner.length === 0) found.add(around ? merged(node, around) : node);
    else for (const each of inner) visit(each, shapeAround(node, around));
  };
  visit(schema, null);
  return [...found];
}

/** What holds for all branches of a union because it stands beside it. */
function shapeAround(union: SchemaNode, around: SchemaNode | null): SchemaNode | null {
  const own = Object.fromEntries(SHAPE.filter((word) => word in union).map((word) => [word, union[word]]));
  if (Object.keys(own).length === 0) return around;
  return around ? merged(own, around) : own;
}

const SHAPE = ['type', 'properties', 'patternProperties', 'additionalProperties', 'items', 'required'];

const list = (schemas: unknown) => (Array.isArray(schemas) ? (schemas as Schema[]) : []);

/** The types a single shape allows; empty when it does not say. An integer is a number. */
export function typesOf(branch: SchemaNode): JsonType[] {
  const said = Array.isArray(branch.type) ? branch.type : typeof branch.type === 'string' ? [branch.type] : [];
  if (said.length > 0) return [...new Set(said.map((type) => (type === 'integer' ? 'number' : type) as JsonType))];
  const values = constantsOf(branch);
  if (values) return [...new Set(values.map(typeOf).filter((type) => type !== undefined))];
  if (isNode(branch.properties) || branch.additionalProperties !== undefined || isNode(branch.patternProperties)) return ['object'];
  return branch.items === undefined ? [] : ['array'];
}

/** The only values a single shape allows; null where there are more than can be listed. */
export function constantsOf(branch: SchemaNode): unknown[] | null {
  if ('const' in branch) return [branch.const];
  return Array.isArray(branch.enum) ? branch.enum : null;
}

/** The shape that fits the value best; undefined when none can. */
export function pickBranch(schema: Schema, value: unknown): SchemaNode | undefined {
  let best: SchemaNode | undefined;
  let most = -Infinity;
  for (const branch of branchesOf(schema)) {
    const score = likeness(branch, value);
    if (score > most) [best, most] = [branch, score];
  }
  return best;
}

function likeness(branch: SchemaNode, value: unknown): number {
  const type = typeOf(value);
  const types = typesOf(branch);
  if (type === undefined || (types.length > 0 && !types.includes(type))) return -Infinity;
  if (type !== 'object') return isConstant(branch, value) === false ? -Infinity : Number(types.length > 0);
  return objectLikeness(branch, value as Record<string, unknown>);
}

/** A property with a fixed value tells the shapes apart; after that count the keys that are known, strange and missing. */
function objectLikeness(branch: SchemaNode, value: Record<string, unknown>): number {
  const properties = isNode(branch.properties) ? (branch.properties as Record<string, Schema>) : {};
  let score = 0;
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(properties, key)) {
      score -= branch.additionalProperties === false ? 3 : 0;
      continue;
    }
    const property = properties[key];
    const fixed = isNode(property) ? isConstant(property, value[key]) : null;
    score += fixed === null ? 1 : fixed ? 10 : -50;
  }
  const required: unknown[] = Array.isArray(branch.required) ? branch.required : [];
  return score - 2 * required.filter((key) => typeof key === 'string' && !Object.hasOwn(value, key)).length;
}

/** Whether the value is one of the listed ones; null where nothing is listed. Only plain values are compared. */
function isConstant(branch: SchemaNode, value: unknown): boolean | null {
  const values = constantsOf(branch);
  return values === null ? null : values.includes(value);
}
