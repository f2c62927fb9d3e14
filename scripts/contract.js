// Does the local platform keep the contract? Schemathesis asks it everything that docs/openapi.yaml allows, and much that
// it does not, and holds every answer against it. `--seed N` repeats a run, `--examples N` asks more.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { built, main, Refused, root } from './command.js';
import { installPythonTools, pythonTools } from './setup.js';

const operations = 20;

main(async () => {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, examples: { type: 'string', default: '25' } } });
  const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
  await installPythonTools();
  const platform = await startPlatform();
  try {
    console.log(`Asking ${platform.url} with seed ${seed} (repeat with: npm run test:contract -- --seed ${seed})`);
    const { code, printed } = await schemathesis(platform, seed, values.examples);
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
  const gone = new Promise((done) => child.once('exit', done));
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

/** Runs Schemathesis, shows what it prints, and keeps it. */
function schemathesis({ url, key }, seed, examples) {
  const args = [
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
    const child = spawn(join(pythonTools, 'schemathesis'), args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (piece) => {
      printed += piece;
      process.stdout.write(piece);
    });
    child.once('error', (error) => fail(new Refused(`Schemathesis could not be started: ${error.message}`)));
    child.once('close', (code) => done({ code, printed }));
  });
}
