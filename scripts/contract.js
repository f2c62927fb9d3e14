// Does the local platform keep the contract? Schemathesis asks it everything that docs/openapi.yaml allows, and much that
// it does not, and holds every answer against it. `--seed N` repeats a run, `--examples N` asks more.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { built, main, Refused, root, target } from './command.js';
import { installPythonTools, pythonTools } from './setup.js';

const operations = 20;

main(async () => {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, examples: { type: 'string', default: '250' } } });
  const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
  await installPythonTools();
  const platform = await startPlatform();
  try {
    const settings = writeSettings(await lookAround(platform));
    console.log(`Asking ${platform.url} with seed ${seed} (repeat with: npm run test:contract -- --seed ${seed})`);
    const { code, printed } = await schemathesis(platform, settings, seed, values.examples);
    if (code !== 0) throw new Refused(`Schemathesis ended with ${code}; the seed was ${seed}.`);
    const tested = Number(/^\s*Tested:\s*(\d+)/m.exec(printed)?.[1] ?? 0);
    if (tested !== operations) throw new Refused(`${tested} of ${operations} operations were tested.`);
  } finally {
    await platform.stop();
  }
});

/** Starts a platform of its own on a free port; it says where on its first line. */
async function startPlatform() {
  const program = built('nineheads-platform');
  const child = spawn(
    program,
    ['--listen', '127.0.0.1:0', '--fleet', '12', '--speed', '0', '--no-failures', '--seed', '7'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = new Promise((done) => child.once('close', done));
  const failed = new Promise((_, fail) => {
    child.once('error', (error) => fail(new Refused(`${program} could not be started: ${error.message}`)));
    child.once('exit', (code) => fail(new Refused(`${program} ended with ${code} before it said where it listens.`)));
  });
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([new Promise((done) => lines.once('line', done)), failed]);
  const { url, keys } = JSON.parse(line);
  return {
    url,
    key: keys.admin,
    stop: async () => {
      child.kill();
      await gone;
    },
  };
}

/** Real ids, since an id made up by chance only ever finds the way to a 404. */
async function lookAround({ url, key }) {
  const ask = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'X-Api-Key': key, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Refused(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const { instances } = await ask('GET', '/v1/instances');
  const ids = instances.filter(({ status }) => status === 'running').map(({ id }) => id);
  if (ids.length < 4) throw new Refused('The local platform has too small a fleet to ask about.');
  const [talkative, ...others] = ids;
  await ask('PATCH', `/v1/instances/${talkative}/consent`, { consent_debug_access: true });
  const { conversations } = await ask('GET', `/v1/instances/${talkative}/conversations`);
  return {
    // Its conversations stay readable, since nothing else asks about it.
    talkative: [talkative],
    conversations: conversations.map((row) => row.conversation_id),
    // Deleting takes from these.
    doomed: others.splice(0, 2),
    others,
  };
}

/** Schemathesis' settings: mostly real ids, and a run that finds nothing behind the door fails. */
function writeSettings(pools) {
  const folder = join(target, 'contract');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'schemathesis.toml');
  const from = (pool) => `{ dictionary = "${pool}", probability = 0.8 }`;
  const dictionaries = Object.entries(pools).map(([name, ids]) => `${name} = { values = ${JSON.stringify(ids)} }`);
  writeFileSync(
    file,
    `[warnings]
fail-on = ["missing_auth", "missing_test_data", "base_url_mismatch", "method_not_allowed", "dictionary_mismatch"]

[cache]
enabled = false

# What answers carry is not sent back by chance: an id that is still null would be sent as the word "null".
[phases]
coverage = { extra-data-sources = { responses = false } }
fuzzing = { extra-data-sources = { responses = false } }

[dictionaries]
${dictionaries.join('\n')}

[parameters]
"path.instance_id" = ${from('others')}

[[operations]]
include-operation-id = "delete_instance"
parameters = { "path.instance_id" = ${from('doomed')} }

[[operations]]
include-operation-id = ["list_conversations", "get_conversation"]
parameters = { "path.instance_id" = ${from('talkative')}, "path.conversation_id" = ${from('conversations')} }
`,
  );
  return file;
}

/** Runs Schemathesis, shows what it prints, and keeps it. */
function schemathesis({ url, key }, settings, seed, examples) {
  const args = [
    '--config-file', settings,
    'run', 'docs/openapi.yaml',
    '--url', url,
    '--header', `X-Api-Key: ${key}`,
    // Deleting what is deleted succeeds on purpose: the API documents it as idempotent.
    '--exclude-checks', 'use_after_free',
    '--seed', seed,
    '--max-examples', examples,
    '--generation-database', 'none',
    '--continue-on-failure',
    '--no-color',
  ];
  return new Promise((done, fail) => {
    const child = spawn(join(pythonTools, 'schemathesis'), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, HYPOTHESIS_STORAGE_DIRECTORY: join(target, 'contract', 'hypothesis') },
    });
    let printed = '';
    child.stdout.on('data', (piece) => {
      printed += piece;
      process.stdout.write(piece);
    });
    child.once('error', (error) => fail(new Refused(`Schemathesis could not be started: ${error.message}`)));
    child.once('close', (code) => done({ code, printed }));
  });
}
