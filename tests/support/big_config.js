// A configuration of any size with a schema of about the same size, for the benches: the same for the same numbers, every time.
// Belongs here: how such a document looks. Does not belong here: what is measured with it.

/**
 * `nodes` objects, lists and values in all (the whole document is one of them), about 200 bytes each: 10,000 make 2 MB.
 * Most sections have a schema of their own, as plugins do; agents and providers are entries of maps, which share theirs.
 */
export function bigConfig(nodes = 10_000, seed = 1) {
  const dice = diceOf(seed);
  const document = { agents: { entries: {} }, models: { providers: {} }, plugins: { entries: {} }, notes: [] };
  const plugins = {};
  let count = countNodes(document);
  const add = (map, key, value) => {
    const size = countNodes(value);
    if (count + size > nodes) return false;
    map[key] = value;
    count += size;
    return true;
  };
  const agent = agentSchema(dice);
  const provider = providerSchema(dice);
  for (let at = 0, fits = true; fits; at++) {
    const kind = at % 10;
    if (kind < 6) {
      const schema = pluginSchema(dice, at);
      fits = add(document.plugins.entries, `plugin-${at}`, example(dice, schema));
      if (fits) plugins[`plugin-${at}`] = schema;
    } else if (kind < 9) fits = add(document.agents.entries, `agent-${at}`, example(dice, agent));
    else fits = add(document.models.providers, `provider-${at}`, example(dice, provider));
  }
  while (count < nodes) add(document.notes, document.notes.length, dice.text(200));
  return { document, schema: wholeSchema(agent, provider, plugins) };
}

/** How many objects, lists and values a document has, itself included. */
export function countNodes(value) {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum, inner) => sum + countNodes(inner), 1);
}

const WORDS =
  'agent answers before channel check customer daily deliver every field follow from gateway group history keep language limit message model never order people provider question quiet reply request retry rule section send session short skill store summary task text thread token tool under update window without workspace Zürich naïve 東京'.split(' ');
const PARTS = ['access', 'audit', 'cache', 'delivery', 'filter', 'history', 'limits', 'memory', 'queue', 'retry', 'routing', 'session', 'stream', 'voice', 'window'];
const LEAVES = ['enabled', 'mode', 'timeoutMs', 'maxEntries', 'label', 'baseUrl', 'apiKey', 'allowFrom', 'share', 'note', 'prefix', 'schedule'];

function diceOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (most) => Math.floor(next() * most);
  const pick = (from) => from[whole(from.length)];
  const text = (length) => {
    let words = pick(WORDS);
    while (words.length < length) words += ` ${pick(WORDS)}`;
    return `${words[0].toUpperCase()}${words.slice(1)}.`;
  };
  return { next, whole, pick, text };
}

const title = (key) => key.replace(/([A-Z])/g, ' $1').toLowerCase().replace(/^./, (first) => first.toUpperCase());
const described = (dice, key, schema) => ({ title: title(key), description: dice.text(60 + dice.whole(120)), ...(dice.next() < 0.4 && { 'x-advanced': true }), ...schema });
const object = (properties, more = {}) => ({ type: 'object', properties, additionalProperties: false, ...more });

function leafSchema(dice, key) {
  switch (key) {
    case 'enabled':
      return described(dice, key, { type: 'boolean', default: true });
    case 'mode':
      return described(dice, key, { type: 'string', enum: ['off', 'ask', 'auto', 'full'], default: 'ask' });
    case 'timeoutMs':
    case 'maxEntries':
      return described(dice, key, { type: 'integer', minimum: 1, maximum: 600_000 });
    case 'share':
      return described(dice, key, { type: 'number', minimum: 0, maximum: 1 });
    case 'apiKey':
      return described(dice, key, { type: 'string', 'x-secret': true });
    case 'allowFrom':
      return described(dice, key, { type: 'array', items: { type: 'string' } });
    case 'note':
      return described(dice, key, { type: 'string', minLength: 400, maxLength: 4000 });
    default:
      return described(dice, key, { type: 'string' });
  }
}

function pluginSchema(dice, at) {
  const part = () => object(Object.fromEntries(LEAVES.filter(() => dice.next() < 0.7).map((key) => [key, leafSchema(dice, key)])));
  const parts = PARTS.filter(() => dice.next() < 0.3).map((key) => [key, { ...part(), ...described(dice, key, {}), 'x-group': at % 2 ? 'Behaviour' : 'Limits' }]);
  return object({ enabled: leafSchema(dice, 'enabled'), note: leafSchema(dice, 'note'), config: object(Object.fromEntries(parts)) }, { title: `Plugin ${at}`, required: ['enabled'] });
}

function agentSchema(dice) {
  const text = (key) => leafSchema(dice, key);
  return object({
    name: text('label'),
    prompt: described(dice, 'prompt', { type: 'string', minLength: 3000 }),
    model: object({ primary: text('label'), fallbacks: leafSchema(dice, 'allowFrom') }, { title: 'Model' }),
    limits: object({ timeoutMs: text('timeoutMs'), maxEntries: text('maxEntries'), share: text('share') }, { title: 'Limits' }),
    tools: described(dice, 'tools', { type: 'object', additionalProperties: object({ enabled: text('enabled'), mode: text('mode') }) }),
  });
}

function providerSchema(dice) {
  const key = { anyOf: [{ type: 'string' }, object({ source: { const: 'env' }, id: { type: 'string' } }, { required: ['source', 'id'] })] };
  return object({
    baseUrl: leafSchema(dice, 'baseUrl'),
    apiKey: described(dice, 'apiKey', { 'x-secret': true, ...key }),
    models: described(dice, 'models', { type: 'array', items: object({ id: { type: 'string' }, note: { type: 'string', minLength: 100, maxLength: 4000 }, contextWindow: { type: 'integer', minimum: 4096 }, reasoning: { type: 'boolean' } }, { required: ['id'] }) }),
  });
}

/** A value that fits the schema. */
function example(dice, schema) {
  if (schema.enum) return dice.pick(schema.enum);
  if (schema.anyOf) return dice.next() < 0.5 ? 'x'.repeat(40) : { source: 'env', id: `KEY_${dice.whole(1000)}` };
  switch (schema.type) {
    case 'boolean':
      return dice.next() < 0.5;
    case 'integer':
      return (schema.minimum ?? 0) + dice.whole(100_000);
    case 'number':
      return dice.whole(1000) / 1000;
    case 'string':
      return schema['x-secret'] ? '__OPENCLAW_REDACTED__' : dice.text((schema.minLength ?? 20) + dice.whole(schema.maxLength ? 3000 : 60));
    case 'array':
      return Array.from({ length: 1 + dice.whole(4) }, () => example(dice, schema.items));
    default:
      if (!schema.properties) return Object.fromEntries(Array.from({ length: 1 + dice.whole(6) }, (_, at) => [`tool-${at}`, example(dice, schema.additionalProperties)]));
      return Object.fromEntries(Object.entries(schema.properties).map(([key, inner]) => [key, example(dice, inner)]));
  }
}

function wholeSchema(agent, provider, plugins) {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...object({
      agents: object({ entries: { type: 'object', additionalProperties: { $ref: '#/definitions/agent' } } }, { title: 'Agents', 'x-order': 1 }),
      models: object({ providers: { type: 'object', additionalProperties: { $ref: '#/definitions/provider' } } }, { title: 'Models', 'x-order': 2 }),
      plugins: object({ entries: object(plugins) }, { title: 'Plugins', 'x-order': 3 }),
      notes: { title: 'Notes', type: 'array', items: { type: 'string' }, 'x-order': 4 },
    }),
    definitions: { agent, provider },
  };
}
