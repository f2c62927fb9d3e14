/** The form of a document: which rows there are, what is folded away, what changed, what was found, and what may be typed. */
import { inferSchema } from '$lib/schema/infer';
import { loadSchema, type Schema } from '$lib/schema/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { differences, placesOf } from './diff';
import { judge, WATCH, type Pulse } from './health';
import { adviceOn, readNumber, readSecret } from './input';
import { firstValue, nameOf, Outline } from './outline';
import { put } from './place';
import { readJson } from './read';
import { FormRows, type Row } from './rows';
import { search } from './search';
import { Exact } from './value';

const SCHEMA: Schema = {
  type: 'object',
  properties: {
    gateway: {
      type: 'object', title: 'Gateway',
      properties: {
        port: { type: 'integer', default: 8080, minimum: 1, maximum: 65535, title: 'Gateway port' },
        bind: { enum: ['lan', 'loopback'] },
        trace: { type: 'boolean', 'x-advanced': true },
        auth: { type: 'object', properties: { token: { type: 'string' }, mode: { type: 'string' } } },
        tls: { type: 'object', properties: { cert: { type: 'string' } } },
      },
      additionalProperties: false,
    },
    accounts: { type: 'object', additionalProperties: { type: 'object', properties: { name: { type: 'string' }, apiKey: { type: 'string' } } } },
    tags: { type: 'array', items: { type: 'string' } },
    motto: { type: 'string' },
  },
};
const DOCUMENT = readJson('{"gateway":{"port":8080,"auth":{"token":"***","mode":"x"},"odd":1},"accounts":{"main":{"name":"M","apiKey":"***"}},"tags":["a","b"],"motto":"hi","own":{"b":[1,2]}}');

const line = (row: Row): string => `${' '.repeat(row.depth)}${row.type} ${row.id.split('/').at(-1) ?? ''}`;
const lines = (rows: Row[]) => rows.map(line);

describe('the rows of a section', () => {
  const outline = new Outline(SCHEMA, DOCUMENT);
  const rows = new FormRows(outline);
  it('what is set and what is described, with the rest folded away', () => {
    expect(lines(rows.section('gateway'))).toEqual(['field port', 'field bind', 'branch auth', ' field token', ' field mode', 'field odd', 'fold gateway#fold']);
    rows.turn('/gateway#fold', true);
    expect(lines(rows.section('gateway')).slice(-3)).toEqual(['fold gateway#fold', 'field trace', 'branch tls']);
  });
  it('a key that the schema does not know is kept and marked', () => {
    const odd = rows.section('gateway').find((row) => row.id === '/gateway/odd');
    expect([odd?.place.role, odd?.place.kind, odd?.place.value]).toEqual(['unknown', 'number', 1]);
  });
  it('a branch that is closed is not looked into', () => {
    rows.turn('/gateway/auth', false);
    expect(lines(rows.section('gateway'))).not.toContain(' field token');
    rows.turn('/gateway/auth', true);
  });
  it('maps and lists offer another entry', () => {
    expect(lines(rows.section('accounts'))).toEqual(['branch main', ' field name', ' field apiKey', 'add accounts#add']);
    expect(lines(rows.section('tags'))).toEqual(['field 0', 'field 1', 'add tags#add']);
    expect(lines(rows.section('motto'))).toEqual(['field motto']);
    expect(rows.section('nobody')).toEqual([]);
  });
  it('secrets are known by mask and by name', () => {
    expect(outline.find(['gateway', 'auth', 'token'])?.kind).toBe('secret');
    expect(outline.find(['accounts', 'main', 'apiKey'])?.kind).toBe('secret');
    const masked = new Outline(true, readJson('{"header":{"x":"[redacted]"}}'));
    expect(masked.find(['header', 'x'])?.kind).toBe('secret');
  });
  it('an edit makes new rows along its path and leaves the others', () => {
    const before = rows.section('gateway');
    outline.follow(put(DOCUMENT, ['gateway', 'port'], 9090));
    const after = rows.section('gateway');
    expect(after.find((row) => row.id === '/gateway/port')?.place.value).toBe(9090);
    const place = (of: Row[], id: string) => of.find((row) => row.id === id)?.place;
    expect(place(after, '/gateway/auth/token')).toBe(place(before, '/gateway/auth/token'));
    outline.follow(DOCUMENT);
  });
  it('what is opened around a place shows it', () => {
    const shut = new FormRows(outline);
    expect(lines(shut.section('gateway')).join()).not.toContain('cert');
    shut.reveal(['gateway', 'tls', 'cert']);
    expect(lines(shut.section('gateway')).join()).toContain('cert');
  });
});

describe('only what changed', () => {
  it('shows each changed place under its headings, also what is gone', () => {
    let next = put(DOCUMENT, ['gateway', 'auth', 'mode'], 'y');
    next = put(next, ['gateway', 'odd'], undefined);
    next = put(next, ['accounts', 'second'], { name: 'S' });
    const outline = new Outline(SCHEMA, DOCUMENT, next);
    const { hits, around } = placesOf(differences(DOCUMENT, next));
    expect(lines(new FormRows(outline).found({ hits, around }))).toEqual(['section gateway#section', 'branch auth', ' field mode', 'field odd', 'section accounts#section', 'branch second']);
    expect(outline.find(['gateway', 'odd'])).toMatchObject({ value: undefined, before: 1, kind: 'number' });
  });
});

describe('the search', () => {
  const all = (text: string, document = DOCUMENT, schema = SCHEMA) => {
    const steps = search(new Outline(schema, document), text);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  };
  it('finds keys, names and values, and what nobody has set', () => {
    expect([...all('port').hits]).toEqual(['/gateway/port']);
    expect([...all('gateway port').hits]).toEqual(['/gateway/port']);
    expect([...all('cert').hits]).toEqual(['/gateway/tls/cert']);
    expect([...all('hi').hits]).toEqual(['/motto']);
    expect([...all('gateway.auth.mo').hits]).toEqual(['/gateway/auth/mode']);
  });
  it('never looks at secrets', () => {
    expect([...all('sesame', readJson('{"token":"sesame","accounts":{"x":{"apiKey":"sesame"}}}')).hits]).toEqual([]);
  });
  it('ends with schemas that describe themselves', () => {
    const endless: Schema = { definitions: { a: { type: 'object', properties: { a: { $ref: '#/definitions/a' }, x: { type: 'string' } } } }, $ref: '#/definitions/a' };
    expect(all('x', readJson('{}'), endless).hits.size).toBe(3);
  });
});

describe('what is typed', () => {
  it('a number keeps its text, and a text is no number', () => {
    expect(readNumber('12345678901234567890', 'integer')).toEqual({ value: new Exact('12345678901234567890') });
    expect(readNumber(' 42 ', 'integer')).toEqual({ value: 42 });
    expect(readNumber('1.5', 'integer')).toEqual({ trouble: 'notWhole' });
    for (const text of ['1,5', 'abc', '0x10', '1.', '+1', 'NaN']) expect(readNumber(text, 'number'), text).toEqual({ trouble: 'notANumber' });
    expect(readNumber('', 'number')).toEqual({ trouble: 'empty' });
  });
  it('a mask is no secret', () => {
    expect(readSecret('__OPENCLAW_REDACTED__')).toEqual({ trouble: 'mask' });
    expect(readSecret('real-one')).toEqual({ value: 'real-one' });
  });
  it('the schema gives advice', () => {
    const port = { type: 'integer', minimum: 1, maximum: 65535 } as Schema;
    expect(adviceOn(port, 'integer', 70_000)).toEqual({ code: 'tooLarge', limit: 65535 });
    expect(adviceOn(port, 'integer', 80)).toBeNull();
    expect(adviceOn(port, 'text', '${PORT}')).toBeNull();
    expect(adviceOn(port, 'text', 'x')).toEqual({ code: 'otherType' });
    expect(adviceOn({ enum: ['a', 'b'] }, 'choice', 'c')).toEqual({ code: 'notAChoice' });
    expect(adviceOn({ type: 'string', pattern: '^\\d+$' }, 'text', 'x')).toEqual({ code: 'otherForm', pattern: '^\\d+$' });
    expect(adviceOn({ type: 'string', pattern: '[' }, 'text', 'x')).toBeNull();
    expect(adviceOn(true, 'text', 'x')).toBeNull();
  });
  it('a new entry begins with what the schema tells', () => {
    expect([firstValue('object', undefined), firstValue('list', undefined), firstValue('integer', 5), firstValue('text', undefined)]).toEqual([{}, [], 5, '']);
    expect([nameOf({ id: 'main' }), nameOf('x'), nameOf({ name: '***' })]).toEqual(['main', null, null]);
  });
});

describe('a large document', () => {
  let root: Schema;
  beforeAll(async () => {
    root = (await loadSchema('expressclaw')) ?? true;
  });
  const entries = Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`account-${index}`, { name: `n${index}`, enabled: true, botToken: '***', note: 'x'.repeat(700) }]));
  it('costs its own path alone when a key is pressed', () => {
    const document = { channels: { telegram: { accounts: entries } } };
    const outline = new Outline(root, document);
    const rows = new FormRows(outline);
    rows.reveal(['channels', 'telegram', 'accounts', 'account-2499', 'name']);
    const before = rows.section('channels');
    expect(before.length).toBeGreaterThan(2500);
    outline.follow(put(document, ['channels', 'telegram', 'accounts', 'account-2499', 'name'], 'other'));
    const after = rows.section('channels');
    // What was not touched is the same row as before, not an equal one.
    const fresh = after.filter((row, index) => row.type === 'field' && row.place !== before[index]?.place);
    expect(fresh.every(({ id }) => id.startsWith('/channels/telegram/accounts/account-2499/'))).toBe(true);
  });
  it('works with a schema made from the document', () => {
    const document = { m: entries };
    const rows = new FormRows(new Outline(inferSchema(document), document));
    expect(rows.section('m').length).toBeGreaterThan(2500);
  });
});

describe('health after a save', () => {
  const was: Pulse = { status: 'running', health: 'healthy', failures: 0, heartbeat: null };
  it('is watched for a minute and then told', () => {
    expect(judge(was, was, 1000)).toBe('watching');
    expect(judge(was, was, WATCH)).toBe('healthy');
    expect(judge(was, { ...was, health: 'degraded' }, 1000)).toBe('worse');
    expect(judge(was, { ...was, failures: 1 }, 1000)).toBe('worse');
    expect(judge(was, { ...was, status: 'failed' }, 1000)).toBe('worse');
    expect(judge({ ...was, health: null }, { ...was, health: null }, WATCH)).toBe('unknown');
    expect(judge({ ...was, health: 'degraded' }, { ...was, health: 'degraded' }, WATCH)).toBe('same');
  });
});
