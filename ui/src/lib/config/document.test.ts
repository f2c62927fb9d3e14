/** Documents: read without loss, changed along a path, compared and put together again. */
import { describe, expect, it } from 'vitest';
import { applyEdits, differences, editsOf, placesOf } from './diff';
import { isMask, isReference } from './masks';
import { at, idOf, move, pathText, put, rename, share, shareAlong } from './place';
import { NotJson, placeIn, readJson } from './read';
import { Exact, isSame, textOf, type Json } from './value';

/** A small generator with a seed: the same documents every time. */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T;
  const value = (depth: number): Json => {
    if (depth > 3 || next() < 0.4) return pick<Json>([null, true, 0, 'x', '', new Exact('1.0'), new Exact('12345678901234567890')]);
    const many = Math.floor(next() * 4);
    if (next() < 0.4) return Array.from({ length: many }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: many }, () => [pick(['a', 'b', '__proto__', '0', 'a/b']), value(depth + 1)]));
  };
  return { next, pick, value, object: () => readJson(`{"a":${textOf(value(0))},"b":${textOf(value(0))}}`) };
}

describe('reading', () => {
  it('numbers are not rounded', () => {
    const text = '{"id":12345678901234567890,"price":1.0,"e":1e400,"small":0.1,"n":-5}';
    const document = readJson(text);
    expect(textOf(document)).toBe(text);
    expect([at(document, ['small']), at(document, ['n'])]).toEqual([0.1, -5]);
  });
  it('a key called __proto__ is a key like any other', () => {
    const document = readJson('{"__proto__":{"polluted":true}}');
    expect(at(document, ['__proto__', 'polluted'])).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(textOf(put(document, ['__proto__', 'polluted'], false))).toBe('{"__proto__":{"polluted":false}}');
  });
  it('what is no JSON is refused where it stops being JSON', () => {
    const place = (text: string) => {
      try {
        readJson(text);
        return null;
      } catch (thrown) {
        return thrown instanceof NotJson ? [thrown.mistake, thrown.offset] : thrown;
      }
    };
    expect(place('{"a": }')).toEqual(['unexpected', 6]);
    expect(place('{"a": 1,}')).toEqual(['unexpected', 8]);
    expect(place('{"a": "x')).toEqual(['end', 8]);
    expect(place('[1 2]')).toEqual(['unexpected', 3]);
    expect(place('"a\nb"')).toEqual(['text', 2]);
    expect(place('01')).toEqual(['unexpected', 1]);
    expect(place('')).toEqual(['end', 0]);
    expect(place('[' .repeat(200))).toEqual(['deep', 127]);
    expect(placeIn('{\n  "a": }', 9)).toEqual({ line: 2, column: 8 });
  });
  it('everything that JSON.parse reads is read the same', () => {
    for (const text of ['"\\u00e9\\n\\"\\\\"', ' [ ] ', '{}', 'null', 'true', '-0.5', '{"a":[1,{"b":"c"}]}', '"\u2028"']) expect(readJson(text), text).toEqual(JSON.parse(text));
  });
  it('two megabytes are read at once', () => {
    const text = `{"list":[${Array.from({ length: 20_000 }, (_, index) => `{"id":${index},"text":"${'x'.repeat(70)}"}`).join(',')}]}`;
    const from = performance.now();
    readJson(text);
    expect(text.length).toBeGreaterThan(1_800_000);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('changing', () => {
  const document = readJson('{"a":{"b":[1,{"c":2}]},"other":{"x":1}}');
  it('a value is put where it belongs and everything else is shared', () => {
    const next = put(document, ['a', 'b', '1', 'c'], 3);
    expect(textOf(next)).toBe('{"a":{"b":[1,{"c":3}]},"other":{"x":1}}');
    expect(at(next, ['other'])).toBe(at(document, ['other']));
    expect(textOf(put(document, ['a', 'b', '2'], 'new'))).toBe('{"a":{"b":[1,{"c":2},"new"]},"other":{"x":1}}');
    expect(textOf(put(document, ['n', 'm'], 5))).toContain('"n":{"m":5}');
  });
  it('a value is removed, and what is not there leaves the document as it is', () => {
    expect(textOf(put(document, ['a', 'b', '0'], undefined))).toBe('{"a":{"b":[{"c":2}]},"other":{"x":1}}');
    expect(textOf(put(document, ['other'], undefined))).toBe('{"a":{"b":[1,{"c":2}]}}');
    for (const path of [['gone'], ['a', 'b', '9'], ['other', 'x', 'y'], ['a', 'b', 'length']]) expect(put(document, path, undefined)).toBe(document);
    for (const path of [['a', 'b', '7'], ['other', 'x', 'y'], ['a', 'b', '2', 'x']]) expect(put(document, path, 1)).toBe(document);
  });
  it('entries of maps are renamed in their place, and never onto another', () => {
    const map = readJson('{"m":{"a":1,"b":2,"c":3}}');
    expect(textOf(rename(map, ['m', 'b'], 'z'))).toBe('{"m":{"a":1,"z":2,"c":3}}');
    expect(rename(map, ['m', 'b'], 'c')).toBe(map);
  });
  it('entries of lists are moved', () => {
    const list = readJson('{"l":[1,2,3]}');
    expect(textOf(move(list, ['l', '0'], 2))).toBe('{"l":[2,3,1]}');
    expect(move(list, ['l', '0'], 3)).toBe(list);
  });
  it('what is typed back is no change', () => {
    const away = shareAlong(document, put(document, ['a', 'b', '1', 'c'], 3), ['a', 'b', '1', 'c']);
    expect(away).not.toBe(document);
    expect(shareAlong(document, put(away, ['a', 'b', '1', 'c'], 2), ['a', 'b', '1', 'c'])).toBe(document);
  });
});

describe('comparing', () => {
  it('each difference has its place', () => {
    const found = differences(readJson('{"a":1,"b":{"c":[1,2]},"gone":true}'), readJson('{"a":1,"b":{"c":[1,3]},"new":{"x":1}}'));
    expect(found.map(({ path }) => path.join('.'))).toEqual(['b.c.1', 'new', 'gone']);
    expect(placesOf(found).around).toEqual(new Set(['', '/b', '/b/c']));
  });
  it('lists of another length are one value', () => {
    expect(editsOf(readJson('{"l":[1]}'), readJson('{"l":[1,2.0]}'))).toEqual([{ path: ['l'], value: '[1,2.0]' }]);
  });
  it('edits lead from any document to any other, and shared parts are the same parts', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const d = dice(seed);
      const [before, after] = [d.object(), d.object()];
      const built = applyEdits(before, editsOf(before, after));
      expect(isSame(built, after), `${seed}`).toBe(true);
      const shared = share(before, after);
      expect(textOf(shared)).toBe(textOf(after));
      expect(differences(before, shared).length).toBe(differences(before, after).length);
      expect(share(before, readJson(textOf(before)))).toBe(before);
    }
  });
  it('an edit that is no JSON is passed over', () => {
    const document = readJson('{"a":1}');
    expect(applyEdits(document, [{ path: ['a'], value: '{' }])).toBe(document);
  });
});

it('places have a text for people and one for maps', () => {
  const document = readJson('{"a":{"b c":[1]},"10":1}');
  expect(pathText(['a', 'b c', '0'], document)).toBe('a["b c"][0]');
  expect(pathText(['channels', 'telegram', '0'])).toBe('channels.telegram.0');
  expect(idOf(['a/b', '~'])).toBe('/a~1b/~0');
  expect(idOf([''])).not.toBe(idOf([]));
});

it('masks are recognised in their usual spellings, and words are not', () => {
  for (const mask of ['__OPENCLAW_REDACTED__', '***', '********', '•••', 'sk-****abcd', '[REDACTED]', '<redacted>', '**hidden**']) expect(isMask(mask), mask).toBe(true);
  for (const word of ['', '*', '**', 'redacted', 'secret', 'a**b', '${TOKEN}', 'my secret', '*.example.org', 5, null]) expect(isMask(word), String(word)).toBe(false);
  expect([isReference('${TOKEN}'), isReference('$TOKEN'), isReference('x${TOKEN}')]).toEqual([true, false, false]);
});
