// `node scripts/openclaw-schema.js schema.json hints.json 2026.9.6`: the JSON Schema of OpenClaw's configuration that the
// app carries, made from a dump of a real gateway. Run it again for a newer version; nothing is asked over the network.
//
// The dump:
//  1. `npm install --ignore-scripts openclaw@<version>` in a folder of its own, with a Node that OpenClaw accepts.
//  2. Start `node openclaw.mjs gateway run --port P --bind loopback` with OPENCLAW_STATE_DIR, OPENCLAW_CONFIG_PATH, HOME and TMPDIR
//     in that folder, OPENCLAW_GATEWAY_TOKEN, OPENCLAW_OFFLINE=1, OPENCLAW_NO_RESPAWN=1, OPENCLAW_DISABLE_BONJOUR=1 and the config
//     {"gateway": {"mode": "local", "auth": {"mode": "token", "token": "${OPENCLAW_GATEWAY_TOKEN}"}}}. Wait for /readyz.
//  3. Over its WebSocket answer `connect.challenge` with the request `connect` ({minProtocol: 4, maxProtocol: 4, client: {id: "gateway-client",
//     mode: "backend", version, platform}, role: "operator", scopes: ["operator.admin", "operator.read"], auth: {token}}), then request
//     `config.schema` with {}. Of its payload, `schema` goes to schema.json and `uiHints` to hints.json. Stop the gateway.
//
// Belongs here: what is dropped, merged and shared on the way. Reading the result is ui/src/lib/schema/nodes.ts.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, Refused, root, startedAs } from './command.js';

/** Sections by what they are for, in the order of the form; after OpenClaw's own Control UI. */
const GROUPS = {
  Agents: ['agents', 'models', 'skills', 'tools', 'memory', 'session', 'mcp'],
  Communication: ['channels', 'messages', 'broadcast', 'talk', 'tts', 'transcripts', 'attachments', 'surfaces'],
  Automation: ['commands', 'hooks', 'bindings', 'cron', 'plugins'],
  Security: ['security', 'approvals', 'auth', 'secrets', 'accessGroups'],
  Infrastructure: ['gateway', 'proxy', 'browser', 'nodeHost', 'cloudWorkers', 'desktop', 'discovery', 'acp', 'worktreeRoot', 'worktreeAcceleration'],
  Appearance: ['ui'],
  System: ['env', 'logging', 'diagnostics', 'telemetry', 'update', 'wizard', 'meta'],
};

const SECTIONS = new Map(Object.entries(GROUPS).flatMap(([group, keys]) => keys.map((key) => [key, group])).map(([key, group], at) => [key, { group, order: at + 1 }]));

/** What only describes. A validator ignores these, so they may stand beside a `$ref`. */
const NOTES = ['title', 'description', 'default', 'x-order', 'x-group', 'x-advanced', 'x-secret', 'x-docs', 'x-placeholder'];
/** Those of them that differ most often where the rest is equal: they are taken off first. */
const OUTER = ['title', 'x-group', 'x-order', 'default'];
const MAPS = ['properties', 'patternProperties'];
const SINGLE = ['items', 'additionalItems', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'items'];

/** Schemas for the same place as the one around them, and those that say what a value is not. */
const SHARING = ['anyOf', 'oneOf', 'allOf', 'then', 'else'];
const NEGATIVE = ['not', 'if', 'propertyNames', 'contains'];

const isNode = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A node with every schema directly inside it changed; `change` is told the keyword, and in a map the key. */
function mapInside(node, change) {
  const copy = { ...node };
  for (const word of MAPS) {
    if (isNode(node[word])) copy[word] = Object.fromEntries(Object.entries(node[word]).map(([key, inner]) => [key, change(inner, word, key)]));
  }
  for (const word of SINGLE) if (isNode(node[word])) copy[word] = change(node[word], word);
  for (const word of LISTS) if (Array.isArray(node[word])) copy[word] = node[word].map((inner) => change(inner, word));
  return copy;
}

/** Plugins bring schemas with `$defs` of their own: those are written in where they are used, so that hints can reach them. */
export function inlined(schema) {
  const visit = (node, definitions, inside) => {
    if (!isNode(node)) return node;
    const { $defs = definitions, $ref, ...rest } = node;
    delete rest.$schema;
    if ($ref === undefined) return mapInside(rest, (inner) => visit(inner, $defs, inside));
    const name = /^#\/\$defs\/(.+)$/.exec($ref)?.[1];
    if ($defs?.[name] === undefined) throw new Refused(`The reference ${$ref} leads nowhere.`);
    if (inside.includes(name)) throw new Refused(`The definition ${name} holds itself, which this script can not write yet.`);
    return { ...visit($defs[name], $defs, [...inside, name]), ...rest };
  };
  return visit(schema, undefined, []);
}

/** The same meaning in fewer words: constants of one type are an enumeration, and what allows everything is not said. */
export function simplified(node) {
  if (!isNode(node)) return node;
  const copy = mapInside(node, simplified);
  for (const word of ['additionalProperties', 'items']) {
    if (isNode(copy[word]) && Object.keys(copy[word]).length === 0) copy[word] = true;
  }
  if (JSON.stringify(copy.propertyNames) === '{"type":"string"}') delete copy.propertyNames;
  const { anyOf } = copy;
  const plain = (branch) => isNode(branch) && 'const' in branch && typeof branch.const === branch.type && Object.keys(branch).length === 2;
  if (anyOf?.every((branch) => plain(branch) && branch.type === anyOf[0].type) && !('type' in copy) && !('enum' in copy)) {
    delete copy.anyOf;
    copy.type = anyOf[0].type;
    copy.enum = anyOf.map((branch) => branch.const);
  }
  return copy;
}

/** Finds the hint of a place; the exact one first, then one with a wildcard. `[]` in a hint is an entry of a list. */
function hintsByPlace(hints) {
  const exact = new Map();
  const wild = new Map();
  for (const [place, hint] of Object.entries(hints)) {
    const keys = place.replaceAll('[]', '.*').split('.');
    // Of two spellings of one place the later adds to the earlier.
    exact.set(keys.join('.'), { ...exact.get(keys.join('.')), ...hint });
    if (keys.includes('*')) wild.set(keys.length, [...(wild.get(keys.length) ?? []), { keys, hint }]);
  }
  const own = (path) =>
    exact.get(path.join('.')) ?? wild.get(path.length)?.find(({ keys }) => keys.every((key, at) => key === '*' || key === path[at]))?.hint ?? {};
  return (path) => ({ ...own(twin(path)), ...own(path) });
}

/** An account takes the same settings as its channel, and an agent those of all agents: what is said of these holds there too. */
function twin(path) {
  if (path[0] === 'channels' && path[2] === 'accounts') return [...path.slice(0, 2), ...path.slice(4)];
  if (path[0] === 'agents' && path[1] === 'entries' && path.length > 3) return ['agents', 'defaults', ...path.slice(3)];
  return path;
}

/** Puts each hint into its node. A place is advanced unless it, or something inside it, is meant for everybody. */
export function annotated(schema, hints) {
  const hintAt = hintsByPlace(hints);
  const sentence = sentenceCase(hints);

  /** Returns the node with its notes, and whether it is for everybody. The branches of a union are no places: they share the union's. */
  const visit = (node, path, isPlace, group) => {
    if (!isNode(node)) return { node, basic: false };
    const hint = isPlace ? hintAt(path) : {};
    let basic = hint.advanced === false;
    const copy = mapInside(node, (inner, word, key) => {
      if (NEGATIVE.includes(word)) return inner;
      const step = word === 'properties' ? [key] : SHARING.includes(word) ? [] : ['*'];
      const seen = visit(inner, [...path, ...step], step.length > 0, hint.groups?.find(({ properties }) => properties.includes(key))?.title);
      basic ||= seen.basic;
      return seen.node;
    });
    if (!isPlace) return { node: copy, basic };
    const section = path.length === 1 ? path[0] : undefined;
    const notes = {
      title: hint.label ? sentence(hint.label) : node.title,
      description: hint.help ?? node.description,
      'x-group': group ?? SECTIONS.get(section)?.group,
      'x-order': SECTIONS.get(section)?.order,
      'x-advanced': !basic || undefined,
      'x-secret': hint.sensitive || undefined,
      'x-docs': hint.docsUrl,
      'x-placeholder': hint.placeholder,
    };
    for (const [word, note] of Object.entries(notes)) if (note !== undefined) copy[word] = note;
    if (copy.description === copy.title) delete copy.description;
    return { node: copy, basic };
  };
  return quieted(visit(schema, [], true).node);
}

/** What lies in an advanced place is advanced: only the outermost says so, so that equal shapes stay equal. */
function quieted(node, inside = false) {
  if (!isNode(node)) return node;
  const here = inside || node['x-advanced'] === true;
  const copy = mapInside(node, (inner) => quieted(inner, here));
  if (inside) delete copy['x-advanced'];
  return copy;
}

/**
 * `Gateway Port` becomes `Gateway port`, as everywhere in the app. Names stay: a word that the help texts mostly write with a
 * capital within a sentence is one.
 */
function sentenceCase(hints) {
  const counts = new Map();
  for (const { help } of Object.values(hints)) {
    for (const [, word] of (help ?? '').matchAll(/(?<=[a-z,] )([A-Za-z]+)\b/g)) {
      const count = counts.get(word.toLowerCase()) ?? { low: 0, high: 0 };
      count[word[0] === word[0].toLowerCase() ? 'low' : 'high'] += 1;
      counts.set(word.toLowerCase(), count);
    }
  }
  const isName = (word) => {
    const count = counts.get(word.toLowerCase());
    return count !== undefined && count.high > count.low;
  };
  const lower = (word) => (/^[A-Z][a-z]+$/.test(word) && !isName(word) ? word.toLowerCase() : word);
  return (label) => label.replace('@openclaw/', '').replace(/(?<=[^\w@/].*)[A-Za-z][A-Za-z0-9]*/g, lower);
}

/** Writes each subtree that occurs more than once only once, where that makes the text shorter. */
export function compacted(schema) {
  const known = new Map();

  /** One object for each distinct subtree, which knows who uses it. Notes lie in two layers around a shape that others may share. */
  const intern = (node) => {
    if (!isNode(node)) return node;
    const [outer, inner, shape] = layers(node);
    if (isEmpty(shape) || (isEmpty(outer) && isEmpty(inner))) return entry(mapInside(node, intern));
    const core = entry(mapInside(shape, intern));
    const middle = isEmpty(inner) ? core : entry({ notes: inner, shape: core });
    return isEmpty(outer) ? middle : entry({ notes: outer, shape: middle });
  };
  const entry = (value) => {
    const key = JSON.stringify(value, (_, inner) => (inner instanceof Shared ? `#${inner.id}` : inner));
    let shared = known.get(key);
    if (!shared) {
      known.set(key, (shared = new Shared(known.size, value)));
      forEachShared(value, (inner) => (inner.uses += 1));
    }
    return shared;
  };
  const top = intern(schema);
  const definitions = {};
  /** The text of a subtree; at the first use of one that is worth a name it gets one. */
  const emit = (shared) => {
    if (shared.name === undefined) {
      const { notes, shape } = shared.value;
      const node = shape instanceof Shared ? { ...notes, ...emit(shape) } : mapShared(shared.value, emit);
      if ((shared.uses - 1) * (JSON.stringify(node).length - REF) <= 2 * REF) return node;
      shared.name = nameOf(Object.keys(definitions).length);
      definitions[shared.name] = node;
    }
    return { $ref: `#/definitions/${shared.name}` };
  };
  return { ...emit(top), definitions };
}

/** How many characters a reference takes, about. */
const REF = '{"$ref":"#/definitions/zz"}'.length;

const isEmpty = (words) => Object.keys(words).length === 0;

/** What differs most often, the other notes, and what a validator reads. */
function layers(node) {
  const parts = [{}, {}, {}];
  for (const [word, value] of Object.entries(node)) parts[OUTER.includes(word) ? 0 : NOTES.includes(word) ? 1 : 2][word] = value;
  return parts;
}

class Shared {
  uses = 0;
  name = undefined;
  constructor(id, value) {
    this.id = id;
    this.value = value;
  }
}

/** Walks the direct subtrees of an interned node. */
function mapShared(value, change) {
  if (value instanceof Shared) return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapShared(inner, change));
  if (isNode(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapShared(inner, change)]));
  return value;
}
const forEachShared = (value, see) => void mapShared(value, (shared) => (see(shared), shared));

/** `a`, `b`, … `z`, `ba`: short, since they are written thousands of times. */
function nameOf(at) {
  const letter = String.fromCharCode(97 + (at % 26));
  return at < 26 ? letter : nameOf(Math.floor(at / 26)) + letter;
}

/** The tree without references. */
export function expanded({ definitions, ...whole }) {
  const visit = (node) => {
    if (!isNode(node)) return node;
    const { $ref, ...notes } = node;
    if ($ref === undefined) return mapInside(node, visit);
    return { ...visit(definitions[$ref.slice('#/definitions/'.length)]), ...notes };
  };
  return visit(whole);
}

/** A line for each definition and section, so that the difference between two versions can be read. */
function printed(schema) {
  const lines = (map) => `{\n${Object.entries(map).map(([key, node]) => `${JSON.stringify(key)}:${JSON.stringify(node)}`).join(',\n')}\n}`;
  const words = Object.entries(schema).map(([word, value]) => `${JSON.stringify(word)}:${word === 'properties' || word === 'definitions' ? lines(value) : JSON.stringify(value)}`);
  return `{${words.join(',\n')}}\n`;
}

if (startedAs(import.meta.url)) {
  await main(() => {
    const [schemaFile, hintsFile, version, to = join(root, 'ui/src/lib/schema/openclaw.json')] = process.argv.slice(2);
    if (version === undefined) throw new Refused('Give the files of the schema and of the hints, and the version of OpenClaw they come from.');
    const [raw, hints] = [schemaFile, hintsFile].map((file) => JSON.parse(readFileSync(file, 'utf8')));
    const full = annotated(simplified(inlined(raw)), hints);
    const small = compacted(full);
    // Nothing may be lost: the compact tree, written out again, is the full one.
    assert.deepEqual(expanded(small), full);
    const $comment = `Configuration of OpenClaw ${version}, made by scripts/openclaw-schema.js. Licence and origin: NOTICE.md.`;
    const text = printed({ $schema: 'http://json-schema.org/draft-07/schema#', $comment, ...small });
    writeFileSync(to, text);
    console.log(`${to}: ${text.length} bytes, ${Object.keys(small.definitions).length} definitions; written out: ${JSON.stringify(full).length}`);
  });
}
