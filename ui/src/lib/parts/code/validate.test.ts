/** What is told about a text, and where it points. */
import { describe, expect, it } from 'vitest';
import { read } from './syntax';
import { validate } from './validate';

const schema = {
  type: 'object',
  required: ['model'],
  additionalProperties: false,
  properties: {
    model: { $ref: '#/definitions/model' },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    'a/b c': { type: 'boolean' },
    channel: { oneOf: [
      { type: 'object', required: ['kind', 'token'], properties: { kind: { const: 'telegram' }, token: { type: 'string' } } },
      { type: 'object', required: ['kind', 'webhook'], properties: { kind: { const: 'slack' }, webhook: { type: 'string' } } },
      { type: 'null' },
    ] },
    size: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
  definitions: { model: { type: 'string', enum: ['opus', 'sonnet'] } },
};
/** Each problem as "what it points at: its words". */
const told = (text: string, by: unknown = schema) => validate(text, by).map((problem) => `${text.slice(problem.from, problem.to)}: ${problem.message}`);

describe('a document that does not fit its schema', () => {
  it('is told the value that is wrong, through references', () => {
    expect(told('{"model": "gpt"}')).toEqual(['"gpt": Should be one of "opus", "sonnet"']);
  });
  it('is told what is missing at its opening brace, not along its whole length', () => {
    expect(told('{"port": 80}')).toEqual(['{: “model” is missing here']);
  });
  it('is told an unknown key at that key', () => {
    expect(told('{"model": "opus", "modle": 1}')).toEqual(['"modle": “modle” is not known here']);
  });
  it('is told limits', () => {
    expect(told('{"model": "opus", "port": 70000}')).toEqual(['70000: Should be 65,535 or less']);
    expect(told('{"model": "opus", "port": "80"}')).toEqual(['"80": Should be a whole number']);
  });
  it('is told the entry of a list', () => {
    expect(told('{"model": "opus", "tags": ["a", 2, "c"]}')).toEqual(['2: Should be text']);
    expect(told('{"model": "opus", "tags": ["a", "a"]}')).toEqual(['"tags": An entry is here twice']);
  });
  it('finds keys with slashes and spaces', () => {
    expect(told('{"model": "opus", "a/b c": 1}')).toEqual(['1: Should be true or false']);
    expect(told('{"50%": "x", "a#b": "y"}', { additionalProperties: { type: 'null' } })).toEqual(['"x": Should be null', '"y": Should be null']);
  });
  it('of several forms is told about the one that was meant', () => {
    expect(told('{"model": "opus", "channel": {"kind": "slack"}}')).toEqual(['"channel": “webhook” is missing here']);
    expect(told('{"model": "opus", "channel": {"kind": "slack", "webhook": 7}}')).toEqual(['7: Should be text']);
  });
  it('of several forms is told just that when none stands out', () => {
    expect(told('{"model": "opus", "size": true}')).toEqual(['true: Has none of the forms that are allowed here']);
  });
  it('that fits has nothing wrong', () => {
    expect(told('{"model": "opus", "channel": null, "size": 3, "port": 80, "tags": []}')).toEqual([]);
  });
});

it('a key that another one needs is named', () => {
  expect(told('{"cert": "x"}', { dependencies: { cert: ['key'] } })).toEqual(['{: What is here needs “key” as well']);
});

describe('a schema that can not be followed', () => {
  it.each([[{ $ref: 'https://example.org/other.json' }], [{ type: 'string', pattern: '(' }], [null], ['text'], [[]]])('says nothing: %j', (odd) => {
    expect(told('"x"', odd)).toEqual([]);
  });
  it('is left as it was', () => {
    const given = Object.freeze({ type: 'object', properties: Object.freeze({ a: Object.freeze({ type: 'string' }) }) });
    expect(told('{"a": 1}', given)).toEqual(['1: Should be text']);
    expect(JSON.stringify(given)).toBe('{"type":"object","properties":{"a":{"type":"string"}}}');
  });
});

describe('a text that is not JSON', () => {
  const places = (text: string) => validate(text, undefined).map((problem) => [text.slice(problem.from, problem.to), problem.message]);
  it('is told where', () => {
    expect(places('{"a": 1 "b": 2}')[0]).toEqual(['"b"', 'A comma is missing before this']);
    expect(places('{"a" 1}')[0]).toEqual(['1', 'A colon is missing before this']);
    expect(places('[1, 2')[0]?.[1]).toBe('A closing bracket is missing');
    expect(places('{"a": 1} x')[0]?.[0]).toBe('x');
    expect(places('// no\n{}')[0]?.[1]).toBe('JSON has no comments');
    expect(places('[1,]')[0]?.[1]).toBe('A value belongs here');
  });
  it('that is empty is told so', () => expect(places(' \n')).toHaveLength(1));
  it('has at most twenty places, all inside it', () => {
    const text = '[' + 'x '.repeat(500);
    const problems = validate(text, undefined);
    expect(problems.length).toBeLessThanOrEqual(20);
    expect(problems.every((problem) => problem.from >= 0 && problem.to <= text.length && problem.from <= problem.to)).toBe(true);
  });
  it('always has a place: whatever JSON refuses, something is told about', () => {
    const good = '{"a": [1, -2.5e3, "x\\u00e4\\n", null], "b": {"c": true}}';
    for (let at = 0; at < good.length; at += 1) {
      for (const put of ['', '}', '"', ',', '\\', '\n', '\u0001', '\ufeff', '0', 'e', '/']) {
        const text = good.slice(0, at) + put + good.slice(at + 1);
        const outcome = read(text);
        if (!outcome.ok) expect(outcome.problems.length, text).toBeGreaterThan(0);
      }
    }
  });
  it('nested deeper than the stack is refused, not thrown', () => {
    expect(() => validate('['.repeat(200_000), {})).not.toThrow();
    expect(() => validate('['.repeat(50_000) + ']'.repeat(50_000), {})).not.toThrow();
  });
});

it('a key that is written twice is told, since the first is lost', () => {
  expect(told('{"a": 1, "b": {"c": 1, "c": 2}, "a": 2}', null)).toEqual(['"c": “c” is here twice: only the last one counts', '"a": “a” is here twice: only the last one counts']);
});
it('a key named __proto__ is a key like any other', () => {
  expect(told('{"__proto__": {"model": "opus"}, "model": "opus"}')).toEqual(['"__proto__": “__proto__” is not known here']);
});
