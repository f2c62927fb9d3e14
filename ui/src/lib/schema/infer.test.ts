import { expect, it } from 'vitest';
import { inferSchema } from './infer';
import { fieldKind, knownChildren, schemaAt } from './nodes';

it('the types of values are those of the document', () => {
  expect(inferSchema({ name: 'a', count: 3, on: true, nothing: null, tags: ['x'] })).toEqual({
    type: 'object',
    additionalProperties: true,
    properties: { name: { type: 'string' }, count: { type: 'number' }, on: { type: 'boolean' }, nothing: true, tags: { type: 'array', items: { type: 'string' } } },
  });
});

it('choices are not guessed, and no place is forbidden', () => {
  const schema = inferSchema({ mode: 'merge', modes: ['a', 'a'] });
  expect(JSON.stringify(schema)).not.toMatch(/enum|const|required|false/);
  expect(schemaAt(schema, ['other', 'place'])).toBe(true);
});

it('objects whose entries look alike are maps', () => {
  const schema = inferSchema({ channels: { telegram: { enabled: true, token: 'a' }, web: { enabled: false, token: 'b', port: 1 } } });
  expect(fieldKind(schemaAt(schema, ['channels']))).toBe('map');
  expect(knownChildren(schemaAt(schema, ['channels', 'new'])).map(({ key }) => key)).toEqual(['enabled', 'token', 'port']);
});

it('objects whose entries differ are objects', () => {
  const schema = inferSchema({ gateway: { port: 1, auth: { mode: 'x' }, http: { paths: [] } } });
  expect(fieldKind(schemaAt(schema, ['gateway']))).toBe('object');
});

it('keys that nobody programs are entries of a map', () => {
  expect(fieldKind(schemaAt(inferSchema({ x: { 'platform/opus': 'a' } }), ['x']))).toBe('map');
  expect(fieldKind(schemaAt(inferSchema({ x: { TZ: 'a', LANG: 'b' } }), ['x']))).toBe('map');
  expect(fieldKind(schemaAt(inferSchema({ x: {} }), ['x']))).toBe('map');
});

it('entries of a list are described together, whatever they are', () => {
  expect(inferSchema([{ a: 1 }, { b: 'x' }, 'y', 2, [true]])).toEqual({
    type: 'array',
    items: {
      anyOf: [
        { type: 'object', additionalProperties: true, properties: { a: { type: 'number' }, b: { type: 'string' } } },
        { type: 'string' },
        { type: 'number' },
        { type: 'array', items: { type: 'boolean' } },
      ],
    },
  });
  expect(inferSchema([])).toEqual({ type: 'array', items: true });
});

it('secrets are known by their name, in lists as well', () => {
  const schema = inferSchema({ botToken: 'a', token: ['x'] });
  expect([fieldKind(schemaAt(schema, ['botToken'])), fieldKind(schemaAt(schema, ['token', '0']))]).toEqual(['secret', 'secret']);
});

it('a document of any depth has a schema', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = i % 2 ? [deep] : { a: deep };
  expect(fieldKind(inferSchema(deep))).toBe('list');
  expect([undefined, null, 'a', 5, false].map(inferSchema)).toEqual([true, true, { type: 'string' }, { type: 'number' }, { type: 'boolean' }]);
});

it('keys that objects have by birth are keys like others', () => {
  const document: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": "b", "toString": 2}');
  const schema = inferSchema(document);
  expect(['__proto__', 'constructor', 'toString'].map((key) => fieldKind(schemaAt(schema, [key])))).toEqual(['object', 'text', 'number']);
});
