/** The schema we carry, read the way the form does. */
import { beforeAll, expect, it } from 'vitest';
import text from './openclaw.json?raw';
import { choicesOf, defaultOf, fieldKind, groupOf, helpOf, isAdvanced, knownChildren, labelOf, schemaAt } from './nodes';
import { isNode, loadSchema, type Schema } from './schema';

let root: Schema;
beforeAll(async () => {
  root = (await loadSchema('expressclaw')) ?? false;
});

const at = (path: string, document?: unknown) => schemaAt(root, path.split('.'), document);

it('it is loaded for OpenClaw under both its names and for nobody else', async () => {
  expect(await loadSchema('openclaw')).toBe(root);
  for (const other of [null, '', 'hermes', 'goose']) expect(await loadSchema(other)).toBeNull();
});

it('it is small, and says which version it is of', () => {
  expect(text.length).toBeLessThan(600_000);
  expect(isNode(root) && root.$comment).toMatch(/OpenClaw \d+\.\d+\.\d+/);
});

it('every reference leads to a definition, and every definition is used', () => {
  const used = new Set([...text.matchAll(/"\$ref":"#\/definitions\/(\w+)"/g)].map(([, name]) => name));
  const made = Object.keys((isNode(root) && root.definitions) || {});
  expect([...used].sort()).toEqual(made.sort());
});

it('every section has a heading and a name', () => {
  const sections = knownChildren(schemaAt(root, []));
  expect(sections.length).toBeGreaterThan(40);
  for (const { key, schema } of sections.filter(({ key }) => key !== '$schema')) {
    expect(groupOf(schema), key).not.toBeNull();
    expect(labelOf(schema, key), key).not.toBe('');
  }
});

it('fields are of the kind that a person expects', () => {
  const kinds = {
    'gateway.port': 'integer', 'gateway.bind': 'choice', 'gateway.auth.token': 'secret', 'channels.telegram.dmPolicy': 'choice', 'channels.telegram.enabled': 'boolean',
    'channels.telegram.botToken': 'secret', 'channels.telegram.accounts': 'map', 'models.providers': 'map', 'models.providers.mine.models': 'list', 'models.providers.mine.apiKey': 'secret',
    'agents.defaults.model.primary': 'text', 'agents.defaults.model.fallbacks': 'list', 'tools.exec.mode': 'choice', 'agents.defaults.heartbeat': 'object', 'mcp.servers': 'map',
    'plugins.entries.imap.config.accounts.work.password': 'secret',
  };
  expect(Object.fromEntries(Object.keys(kinds).map((path) => [path, fieldKind(at(path))]))).toEqual(kinds);
});

it('names, help, choices and defaults are there', () => {
  expect([labelOf(at('gateway.port'), 'port'), labelOf(at('channels.telegram.botToken'), 'botToken')]).toEqual(['Gateway port', 'Telegram bot token']);
  expect(helpOf(at('gateway.port'))).toContain('TCP port');
  expect(choicesOf(at('tools.exec.mode')).map(({ value }) => value)).toEqual(['deny', 'allowlist', 'ask', 'auto', 'full']);
  expect(defaultOf(at('channels.telegram.dmPolicy'))).toBe('pairing');
});

it('an account of a channel and an agent of its own are named like what they differ from', () => {
  expect(labelOf(at('channels.telegram.accounts.second.botToken'), 'botToken')).toBe('Telegram bot token');
  expect(helpOf(at('agents.entries.main.heartbeat'))).toBe(helpOf(at('agents.defaults.heartbeat')));
});

it('what most people need is not advanced', () => {
  for (const path of ['gateway', 'gateway.port', 'channels', 'channels.telegram.botToken', 'models.providers.x.apiKey', 'agents.defaults.model.primary']) expect(isAdvanced(root, path.split('.')), path).toBe(false);
  for (const path of ['meta', 'gateway.http.securityHeaders', 'diagnostics.otel']) expect(isAdvanced(root, path.split('.')), path).toBe(true);
});

it('every place in it can be read', () => {
  let places = 0;
  const visit = (path: string[]) => {
    const schema = schemaAt(root, path);
    expect(fieldKind(schema)).toBeTypeOf('string');
    places += 1;
    for (const { key } of knownChildren(schema)) visit([...path, key]);
    const more = isNode(schema) && (Array.isArray(schema.items) ? schema.items[0] : (schema.items ?? schema.additionalProperties));
    if (isNode(more)) visit([...path, '0']);
  };
  visit([]);
  expect(places).toBeGreaterThan(7_500);
});
