/** Nothing that a platform or a person can put into a schema, a document or a path makes reading it fail or last forever. */
import { expect, it } from 'vitest';
import { inferSchema } from './infer';
import { choicesOf, defaultOf, fieldKind, helpOf, isAdvanced, isSecretKey, knownChildren, labelOf, requiredKeys, schemaAt } from './nodes';
import type { Schema } from './schema';

/** A small generator with a seed: the same numbers every time. */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { next, pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T, many: <T>(most: number, make: () => T) => Array.from({ length: Math.floor(next() * (most + 1)) }, make) };
}
type Dice = ReturnType<typeof dice>;

const KEYS = ['a', 'b', 'token', '0', '1', 'length', '__proto__', 'constructor', '', 'a/b', '~', '%'];
const REFS = ['#', '#/', '#/definitions/a', '#/definitions/b', '#/properties/a', '#/definitions/a/anyOf/0', '#/%E0', '#/definitions/__proto__', 'x:y', '#/definitions'];
const RUBBISH = [null, 5, 'text', [], [null], {}, true];

const entries = (d: Dice, make: () => unknown) => Object.fromEntries(d.many(3, () => [d.pick(KEYS), make()] as const));

function randomSchema(d: Dice, depth: number): unknown {
  if (d.next() < 0.05) return d.pick(RUBBISH);
  if (depth > 4 || d.next() < 0.1) return d.pick<unknown>([true, false, {}, { type: 'string' }, { const: 1 }, { enum: ['a', {}] }, { $ref: d.pick(REFS) }]);
  const inner = () => randomSchema(d, depth + 1);
  const node: Record<string, unknown> = {};
  for (const word of d.many(4, () => d.pick(['$ref', 'type', 'properties', 'patternProperties', 'additionalProperties', 'items', 'anyOf', 'oneOf', 'allOf', 'required', 'enum', 'title', 'x-advanced', 'rubbish']))) {
    if (word === '$ref') node[word] = d.pick(REFS);
    else if (word === 'type') node[word] = d.pick<unknown>(['object', 'array', 'string', 'integer', 'null', ['string', 'number'], 'unheard-of', 7]);
    else if (word === 'properties') node[word] = entries(d, inner);
    else if (word === 'patternProperties') node[word] = { [d.pick(['^a', '[', '.*'])]: inner() };
    else if (word === 'additionalProperties') node[word] = inner();
    else if (word === 'items') node[word] = d.next() < 0.3 ? d.many(3, inner) : inner();
    else if (word === 'required') node[word] = ['a', 3];
    else if (word === 'enum') node[word] = d.pick<unknown>([['a', 'b'], [], [null, {}], 3]);
    else if (word === 'title') node[word] = d.pick<unknown>(['A', '', 3]);
    else if (word === 'x-advanced') node[word] = true;
    else if (word === 'rubbish') node[d.pick(['properties', 'anyOf', 'items', 'required', 'type', '$ref', 'allOf'])] = d.pick(RUBBISH);
    else node[word] = d.many(3, inner);
  }
  return node;
}

function randomValue(d: Dice, depth: number): unknown {
  if (depth > 4 || d.next() < 0.4) return d.pick<unknown>([null, true, 0, 1.5, '', 'a', 'x\ny', '${X}']);
  return d.next() < 0.4 ? d.many(3, () => randomValue(d, depth + 1)) : entries(d, () => randomValue(d, depth + 1));
}

function readAll(root: Schema, path: string[], document: unknown) {
  for (const schema of [schemaAt(root, path, document), schemaAt(root, path)]) {
    const key = path.at(-1) ?? '';
    for (const value of [undefined, null, 'a', 1, true, [], {}, document]) expect(fieldKind(schema, value, key)).toBeTypeOf('string');
    expect(labelOf(schema, key)).toBeTypeOf('string');
    for (const child of knownChildren(schema)) {
      fieldKind(child.schema, undefined, child.key);
      labelOf(child.schema, child.key);
    }
    [helpOf(schema), choicesOf(schema), defaultOf(schema), requiredKeys(schema), isSecretKey(key, schema), isAdvanced(root, path, document)].forEach((read) => expect(read).not.toBe('never'));
  }
}

it('any schema, document and path can be read', () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const d = dice(seed);
    const schema = randomSchema(d, 0);
    const root = (typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? { definitions: { a: randomSchema(d, 1), b: randomSchema(d, 1) }, ...schema } : schema) as Schema;
    const document = randomValue(d, 0);
    for (const path of [[], ...Array.from({ length: 5 }, () => d.many(5, () => d.pick(KEYS)))]) readAll(root, path, document);
  }
});

it('a document fits the schema that was made from it at every place', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const document = randomValue(dice(seed), 0);
    const root = inferSchema(document);
    const visit = (value: unknown, path: string[]) => {
      if (path.length > 6) return;
      const kind = fieldKind(schemaAt(root, path, document), value);
      if (typeof value === 'object' && value !== null) {
        expect(Array.isArray(value) ? ['list'] : ['object', 'map'], path.join('.')).toContain(kind);
        for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
      } else if (value !== null) expect(['text', 'multiline', 'secret', 'number', 'boolean'], path.join('.')).toContain(kind);
    };
    visit(document, []);
  }
});

it('unions that double at every step are read at once', () => {
  const definitions: Record<string, Schema> = { d60: { type: 'string' } };
  for (let i = 0; i < 60; i++) definitions[`d${i}`] = { anyOf: [{ $ref: `#/definitions/d${i + 1}` }, { $ref: `#/definitions/d${i + 1}` }] };
  expect(fieldKind(schemaAt({ definitions, properties: { x: { $ref: '#/definitions/d0' } } }, ['x'], { x: 'a' }), 'a')).toBe('text');
});

it('references that never come to an end are given up', () => {
  const definitions: Record<string, Schema> = {};
  for (let i = 0; i < 50_000; i++) definitions[`d${i}`] = { $ref: `#/definitions/d${i + 1}` };
  expect(schemaAt({ definitions, $ref: '#/definitions/d0' }, ['x'])).toBe(true);
});
