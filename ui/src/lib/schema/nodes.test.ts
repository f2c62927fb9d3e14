import { describe, expect, it } from 'vitest';
import { choicesOf, defaultOf, docsOf, fieldKind, groupOf, helpOf, isAdvanced, isSecretKey, knownChildren, labelOf, placeholderOf, requiredKeys, schemaAt } from './nodes';
import type { Schema } from './schema';

const root: Schema = {
  type: 'object',
  properties: {
    gateway: {
      title: 'Gateway',
      type: 'object',
      required: ['port'],
      additionalProperties: false,
      properties: {
        port: { title: 'Gateway port', description: 'Where it listens.', type: 'integer', minimum: 1, default: 18789, 'x-placeholder': '18789' },
        ratio: { type: 'number' },
        bind: { anyOf: [{ const: 'loopback', title: 'This computer' }, { const: 'lan', description: 'Everybody nearby.' }] },
        level: { enum: ['low', 'high', null] },
        verbose: { anyOf: [{ type: 'boolean' }, { const: 'auto' }] },
        on: { type: 'boolean' },
        tuning: { 'x-advanced': true, type: 'object', properties: { depth: { type: 'integer' } } },
        swarm: { anyOf: [{ type: 'boolean' }, { type: 'object', properties: { size: { type: 'integer' } } }] },
      },
    },
    providers: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { apiKey: { title: 'Key', 'x-secret': true, $ref: '#/definitions/secretInput' }, maxTokens: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
      },
    },
    stores: { type: 'array', items: { oneOf: [{ $ref: '#/definitions/file' }, { $ref: '#/definitions/exec' }] } },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'boolean' }], additionalItems: false },
    env: { type: 'object', patternProperties: { '^[A-Z_]+$': { type: 'string' } }, additionalProperties: false },
    address: { allOf: [{ type: 'string', format: 'uri' }, { pattern: '^https:' }], title: 'Address' },
    tree: { $ref: '#/definitions/tree' },
    either: { type: 'object', oneOf: [{ required: ['a'], properties: { a: { type: 'string' } } }, { required: ['b'], properties: { b: { type: 'number' } } }] },
    free: true,
    never: false,
  },
  additionalProperties: false,
  definitions: {
    secretInput: { description: 'A text, or where it is kept.', anyOf: [{ type: 'string' }, { oneOf: [{ $ref: '#/definitions/file' }, { $ref: '#/definitions/exec' }] }] },
    file: { type: 'object', properties: { source: { const: 'file' }, path: { type: 'string' } }, required: ['source', 'path'], additionalProperties: false },
    exec: { type: 'object', properties: { source: { const: 'exec' }, command: { type: 'string' }, path: { type: 'integer' } }, required: ['source'], additionalProperties: false },
    tree: { type: 'object', properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/definitions/tree' } } } },
    circle: { $ref: '#/definitions/circle' },
    unionCircle: { anyOf: [{ $ref: '#/definitions/unionCircle' }, { type: 'string' }] },
  },
};

const kindAt = (path: string, document?: unknown) => {
  const keys = path === '' ? [] : path.split('.');
  const value = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
  return fieldKind(schemaAt(root, keys, document), value, keys.at(-1));
};

describe('the schema at a place', () => {
  it('is found through properties, maps, lists and references', () => {
    expect(schemaAt(root, ['gateway', 'port'])).toMatchObject({ title: 'Gateway port' });
    expect(schemaAt(root, ['providers', 'anything', 'maxTokens'])).toEqual({ type: 'integer' });
    expect(schemaAt(root, ['providers', 'x', 'tags', '3'])).toEqual({ type: 'string' });
    expect(schemaAt(root, ['pair', '1'])).toEqual({ type: 'boolean' });
    expect(schemaAt(root, ['env', 'LANG'])).toEqual({ type: 'string' });
    expect(schemaAt(root, ['tree', 'children', '0', 'children', '4', 'name'])).toEqual({ type: 'string' });
  });

  it('has the words beside a reference before those behind it', () => {
    const schema = schemaAt(root, ['providers', 'x', 'apiKey']);
    expect([labelOf(schema, 'apiKey'), helpOf(schema)]).toEqual(['Key', 'A text, or where it is kept.']);
  });

  it('is false where the schema knows no such place and true where it says nothing', () => {
    for (const path of [['nothing'], ['gateway', 'nothing'], ['env', 'lower'], ['pair', '2'], ['never'], ['never', 'more']]) expect(schemaAt(root, path), path.join('.')).toBe(false);
    for (const path of [['free'], ['free', 'x', 'y'], ['gateway', 'port', 'deeper']]) expect(schemaAt(root, path), path.join('.')).toBe(true);
  });

  it('is the shape of a union that fits the document', () => {
    const document = { stores: [{ source: 'exec', command: 'x', path: 3 }, { source: 'file', path: 'a' }], providers: { x: { apiKey: { source: 'file', path: '/k' } } } };
    expect(Object.keys((schemaAt(root, ['stores', '0'], document) as { properties: object }).properties)).toContain('command');
    expect(schemaAt(root, ['stores', '0', 'path'], document)).toEqual({ type: 'integer' });
    expect(schemaAt(root, ['stores', '1', 'path'], document)).toEqual({ type: 'string' });
    expect(schemaAt(root, ['providers', 'x', 'apiKey', 'path'], document)).toEqual({ type: 'string' });
    expect(labelOf(schemaAt(root, ['providers', 'x', 'apiKey'], document), 'apiKey')).toBe('Key');
  });

  it('reaches into a union when there is no document yet', () => expect(schemaAt(root, ['stores', '0', 'command'])).toEqual({ type: 'string' }));
  it('reads a union with what stands beside it', () => {
    expect(schemaAt(root, ['either', 'b'], { either: { b: 1 } })).toEqual({ type: 'number' });
    expect(kindAt('either')).toBe('object');
  });
  it('is one node where several have to hold', () => expect(schemaAt(root, ['address'])).toEqual({ type: 'string', format: 'uri', pattern: '^https:', title: 'Address' }));

  it('ends where references go round in circles', () => {
    expect(schemaAt({ $ref: '#' }, ['x'])).toBe(true);
    expect(schemaAt({ ...root, properties: { c: { $ref: '#/definitions/circle' } } }, ['c', 'd'])).toBe(true);
    expect(fieldKind(schemaAt({ ...root, properties: { c: { $ref: '#/definitions/unionCircle' } } }, ['c']))).toBe('text');
  });
  it('is true for a reference that leads nowhere or away', () => {
    for (const $ref of ['#/definitions/none', '#/%', 'https://example.org/schema', '', '#anchor']) expect(schemaAt({ properties: { x: { $ref } } }, ['x']), $ref).not.toBe(false);
  });
});

describe('the kind of a field', () => {
  it('follows the schema', () => {
    expect(Object.fromEntries(['', 'gateway.port', 'gateway.ratio', 'gateway.bind', 'gateway.level', 'gateway.verbose', 'gateway.on', 'gateway.swarm', 'providers', 'providers.x.apiKey', 'providers.x.tags', 'address', 'free'].map((path) => [path, kindAt(path)]))).toEqual({
      '': 'object', 'gateway.port': 'integer', 'gateway.ratio': 'number', 'gateway.bind': 'choice', 'gateway.level': 'choice', 'gateway.verbose': 'choice', 'gateway.on': 'boolean',
      'gateway.swarm': 'boolean', 'providers': 'map', 'providers.x.apiKey': 'secret', 'providers.x.tags': 'list', 'address': 'text', 'free': 'json',
    });
  });

  it('follows the value where the schema allows several', () => {
    expect(kindAt('gateway.swarm', { gateway: { swarm: { size: 2 } } })).toBe('object');
    expect(kindAt('providers.x.apiKey', { providers: { x: { apiKey: { source: 'file', path: 'k' } } } })).toBe('object');
    expect(kindAt('gateway.verbose', { gateway: { verbose: 'auto' } })).toBe('choice');
  });

  it('follows the value where the schema does not allow it, so that nothing is lost', () => {
    expect(kindAt('gateway.port', { gateway: { port: '${PORT}' } })).toBe('text');
    expect(kindAt('gateway.port', { gateway: { port: { a: 1 } } })).toBe('json');
    expect(kindAt('gateway.bind', { gateway: { bind: ['lan'] } })).toBe('json');
    expect(kindAt('address', { address: 5 })).toBe('number');
  });

  it('is taken from the value where there is no schema', () => {
    expect(['a', 'a\nb', 1, true, [], {}, null, undefined].map((value) => fieldKind(true, value))).toEqual(['text', 'multiline', 'number', 'boolean', 'list', 'map', 'json', 'json']);
    expect(fieldKind(true, 'x', 'botToken')).toBe('secret');
    expect(fieldKind({ type: 'string' }, undefined, 'systemPrompt')).toBe('multiline');
  });
});

describe('what a person is shown', () => {
  it('names keys readably where the schema has no name', () => {
    expect(['apiKey', 'baseUrl', 'maxRetryDelayMs', 'web_chat', 'mcpServers', 'allowedIDs', 'x', '_', 'platform/opus-large'].map((key) => labelOf(true, key))).toEqual(
      ['API key', 'Base URL', 'Max retry delay (ms)', 'Web chat', 'MCP servers', 'Allowed IDs', 'X', '_', 'platform/opus-large']);
  });

  it('lists choices with their names, and none where other texts are allowed', () => {
    expect(choicesOf(schemaAt(root, ['gateway', 'bind']))).toEqual([{ value: 'loopback', label: 'This computer', help: null }, { value: 'lan', label: null, help: 'Everybody nearby.' }]);
    expect(choicesOf(schemaAt(root, ['gateway', 'verbose'])).map(({ value }) => value)).toEqual([true, false, 'auto']);
    expect(choicesOf({ anyOf: [{ type: 'string' }, { const: 'auto' }] })).toEqual([]);
    expect(choicesOf({ type: 'boolean' })).toEqual([]);
    expect(choicesOf(true)).toEqual([]);
  });

  it('lists what is known inside, ordered, with what is required', () => {
    expect(knownChildren(schemaAt(root, ['gateway'])).slice(0, 2).map(({ key, isRequired }) => [key, isRequired])).toEqual([['port', true], ['ratio', false]]);
    expect(knownChildren({ properties: { a: {}, b: { 'x-order': 2 }, c: { 'x-order': 1 }, d: true } }).map(({ key }) => key)).toEqual(['c', 'b', 'a', 'd']);
    expect(knownChildren(schemaAt(root, ['gateway', 'swarm'])).map(({ key }) => key)).toEqual(['size']);
    expect(knownChildren(schemaAt(root, ['providers', 'x'])).map(({ key, schema }) => [labelOf(schema, key), fieldKind(schema, undefined, key)])).toEqual([['Key', 'secret'], ['Max tokens', 'integer'], ['Tags', 'list']]);
  });

  it('has defaults, required keys, headings and places to read more', () => {
    const schema = schemaAt(root, ['gateway', 'port']);
    expect([defaultOf(schema), placeholderOf(schema), requiredKeys(schemaAt(root, ['gateway'])), docsOf(schema), groupOf({ 'x-group': 'Agents' })]).toEqual([18789, '18789', ['port'], null, 'Agents']);
  });

  it('knows what lies inside something advanced as advanced', () => {
    expect([['gateway', 'tuning', 'depth'], ['gateway', 'tuning'], ['gateway', 'port'], ['gone']].map((path) => isAdvanced(root, path))).toEqual([true, true, false, false]);
  });

  it('knows secrets by the schema or by their name', () => {
    for (const key of ['token', 'apiKey', 'api_key', 'password', 'clientSecret', 'privateKey', 'webhookSecret', 'Authorization', 'X-Api-Key', 'signingKey']) expect(isSecretKey(key), key).toBe(true);
    for (const key of ['maxTokens', 'tokens', 'key', 'passwordFile', 'secretary', 'apiKeyEnv', 'tokenUrl']) expect(isSecretKey(key), key).toBe(false);
    expect([isSecretKey('value', { 'x-secret': true }), isSecretKey('hasToken', { type: 'boolean' }), isSecretKey('token', { type: 'string' })]).toEqual([true, false, true]);
  });
});
