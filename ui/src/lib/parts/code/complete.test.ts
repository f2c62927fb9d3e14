/** What is suggested at a place, and what stands in the text once it is taken. */
import { describe, expect, it } from 'vitest';
import { firstValue, suggest } from './complete';
import { explain } from './hover';
import { keysOf } from './siblings';

const root = {
  type: 'object',
  required: ['model'],
  properties: {
    model: { $ref: '#/definitions/model' },
    port: { type: 'integer', default: 18789, description: 'Where it listens' },
    tags: { type: 'array', items: { enum: ['a', 'b'] } },
    on: { type: 'boolean' },
    deep: { type: 'object', properties: { note: { type: 'string' } } },
  },
  definitions: { model: { type: 'string', title: 'Model', description: 'Who answers', enum: ['opus', 'sonnet'] } },
};

/** The text with | for the cursor; what is suggested there, and the text after the first suggestion named so. */
function at(marked: string, siblings: string[] = []) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = suggest(text, offset, root, new Set(siblings));
  const labels = found?.options.map((option) => option.label) ?? [];
  const take = (label: string) => {
    const option = found?.options.find((one) => one.label === label);
    if (!found || !option) throw new Error(`${label} is not among ${labels.join(' ')}`);
    return text.slice(0, found.from) + option.insert.text + text.slice(found.to);
  };
  return { labels, take, options: found?.options ?? [] };
}

describe('a key', () => {
  it('is any the schema knows and the object has not', () => {
    expect(at('{"on": true, |}', ['on']).labels).toEqual(['"model"', '"port"', '"tags"', '"deep"']);
  });
  it('comes with its usual or an empty value', () => {
    expect(at('{"po|"}').take('"port"')).toBe('{"port": 18789}');
    expect(at('{"ta|"}').take('"tags"')).toBe('{"tags": []}');
    expect(at('{mo|}').take('"model"')).toBe('{"model": ""}');
  });
  it('brings the comma that the next key needs', () => {
    expect(at('{\n  "d|"\n  "on": true\n}').take('"deep"')).toBe('{\n  "deep": {},\n  "on": true\n}');
  });
  it('that is renamed keeps its value', () => {
    expect(at('{"modl|": "opus"}', ['modl']).take('"model"')).toBe('{"model": "opus"}');
  });
  it('says what it is for and whether it must be there', () => {
    expect(at('{|}').options[0]).toMatchObject({ label: '"model"', detail: 'required', info: 'Who answers' });
  });
  it('is found deeper down', () => expect(at('{"deep": {"|"}}').labels).toEqual(['"note"']));
});

describe('a value', () => {
  it('is one of the choices', () => {
    expect(at('{"model": |}').labels).toEqual(['"opus"', '"sonnet"']);
    expect(at('{"model": "so|net"}').take('"sonnet"')).toBe('{"model": "sonnet"}');
  });
  it('is the default first, or true and false', () => {
    expect(at('{"port": |}').options[0]).toMatchObject({ label: '18789', detail: 'default' });
    expect(at('{"on": |}').labels).toEqual(['true', 'false']);
    expect(at('{"on": tr|}').take('true')).toBe('{"on": true}');
  });
  it('of a list is one of what its entries may be', () => expect(at('{"tags": ["a", |]}').labels).toEqual(['"a"', '"b"']));
  it('that is finished is followed by nothing', () => expect(at('{"model": "opus" |}').labels).toEqual([]));
});

it('without a schema nothing is suggested, and nothing breaks', () => {
  for (const odd of [null, true, [], { properties: 7, required: 'x', enum: 3 }]) {
    for (const text of ['', '{', '{"', '{"a":', '[', '[[', ']', '{"a": [1, {"b": "']) expect(suggest(text, text.length, odd, new Set())?.options ?? []).toEqual([]);
  }
});
it('what a first value selects lies inside it', () => {
  for (const schema of [{ type: 'string' }, { type: 'object' }, { default: 'x' }, { type: 'boolean' }, {}]) {
    const { text, select } = firstValue([schema]);
    expect(select[0] <= select[1] && select[1] <= text.length).toBe(true);
  }
});

describe('an explanation', () => {
  const text = '{"model": "opus", "port": 1, "other": 2}';
  it('is the same on the key and on its value', () => {
    const key = explain(text, 3, root);
    const value = explain(text, 12, root);
    expect(key).toMatchObject({ title: 'Model', description: 'Who answers', type: 'text', values: '"opus", "sonnet"' });
    expect({ ...value, from: 0, to: 0 }).toEqual({ ...key, from: 0, to: 0 });
  });
  it('is silent where the schema is', () => {
    expect(explain(text, text.indexOf('other') + 1, root)).toBeNull();
    expect(explain(text, 0, root)).toBeNull();
  });
});

it('the keys of an object are known while one of them is being typed', () => {
  expect([...keysOf('{"a": 1, "" "b": {"deep": [{"c": 2}]}, "d" } {"e": 1}')]).toEqual(['a', 'b']);
  expect([...keysOf('{"a": "x: y", "b')]).toEqual(['a']);
  expect(keysOf('[1]').size).toBe(0);
});
