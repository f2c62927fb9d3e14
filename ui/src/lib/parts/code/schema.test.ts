/** What a schema says about a place in a document. */
import { describe, expect, it } from 'vitest';
import { alternatives, knownKeys, knownValues, pointed, schemasAt, typesOf, wordsOf, type Schema } from './schema';

const root: Schema = {
  type: 'object',
  required: ['model'],
  properties: {
    model: { $ref: '#/definitions/model' },
    tools: { type: 'array', items: { anyOf: [{ type: 'string', enum: ['web', 'shell'] }, { $ref: '#/definitions/tool' }] } },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: { type: 'null' } },
  },
  patternProperties: { '^x-': { type: 'string', title: 'Extension' }, '(': {} },
  additionalProperties: { type: 'boolean' },
  definitions: {
    model: { type: 'object', description: 'Who answers', properties: { name: { type: 'string', default: 'sonnet', enum: ['opus', 'sonnet'] }, fallback: { $ref: '#/definitions/model' } } },
    tool: { allOf: [{ properties: { allow: { type: 'boolean' } } }] },
    'a/b': { title: 'Slash' },
    loop: { $ref: '#/definitions/loop' },
  },
};

describe('a place in a schema', () => {
  it('is found through references, as deep as they go', () => {
    expect(knownValues(schemasAt(root, ['model', 'fallback', 'fallback', 'name'])).map((entry) => entry.value)).toEqual(['sonnet', 'opus']);
  });
  it('has the words of what it refers to', () => expect(wordsOf(schemasAt(root, ['model'])).description).toBe('Who answers'));
  it('gathers alternatives of list items', () => {
    const here = schemasAt(root, ['tools', 3]);
    expect(typesOf(here)).toEqual(['string']);
    expect([...knownKeys(root, here).keys()]).toEqual(['allow']);
  });
  it('follows the position in a list of fixed form', () => {
    expect([0, 1, 7].map((at) => typesOf(schemasAt(root, ['pair', at])))).toEqual([['string'], ['number'], ['null']]);
  });
  it('falls back to patterns and then to what other keys must be', () => {
    expect(wordsOf(schemasAt(root, ['x-team'])).title).toBe('Extension');
    expect(typesOf(schemasAt(root, ['anything']))).toEqual(['boolean']);
  });
  it('of which nothing is known is empty', () => expect(schemasAt(root, ['model', 'name', 'deeper'])).toEqual([]));
  it('is never one of the names every object has', () => expect(schemasAt({ properties: {} }, ['constructor'])).toEqual([]));
});

describe('a reference', () => {
  it('reads escaped names', () => expect(pointed(root, '#/definitions/a~1b')).toEqual({ title: 'Slash' }));
  it('out of the document is not followed', () => expect(pointed(root, 'https://example.org/x')).toBeNull());
  it('to itself ends', () => expect(alternatives(root, { $ref: '#/definitions/loop' })).toHaveLength(2));
});

it('a key that must be there says so', () => {
  expect([...knownKeys(root, schemasAt(root, []))].map(([key, known]) => [key, known.required])).toEqual([['model', true], ['tools', false], ['pair', false]]);
});
it('booleans and null offer themselves', () => {
  expect(knownValues([{ type: ['boolean', 'null'] }]).map((entry) => entry.value)).toEqual([true, false, null]);
});
it('anything that is not a schema says nothing', () => {
  for (const odd of [null, undefined, true, 3, 'x', []]) expect(schemasAt(odd, ['a', 0])).toEqual([]);
});
