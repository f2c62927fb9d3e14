// What `npm run bench` builds before it measures: the screens, the app as it is shipped, a bare window of the same profile, the part in
// Rust. Belongs here: which programs, and where they lie. Does not belong here: what is measured with them (tests/bench).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, built, everything, must, npm, Refused, root, target } from './command.js';
import { setup } from './setup.js';

/** Names with which `npm run bench` measures in the core alone. */
const CORE = /^P(3|5|6|9|10|15|16|17)[a-z]?$/;
const bare = join(target, 'bare');
const foreign = join(target, 'chromium');

/** Builds what the named parts need, all of them without names, and says where it lies. `NINEHEADS_BENCH_BUILT` takes what is there. */
export async function buildForBench(names) {
  if (process.env.NINEHEADS_BENCH_BUILT) return { ...paths(), ...chromium() };
  const core = names.length === 0 || names.some((name) => CORE.test(name));
  const window = names.length === 0 || names.some((name) => !CORE.test(name));
  const made = paths();
  await setup({ tests: true });
  if (!existsSync(built('nineheads-platform'))) await must('cargo', ['build', ...everything]);
  if (!process.env.NINEHEADS_BENCH_APP) {
    await npm('run', '--silent', 'build:ui');
    await must('cargo', ['build', '--release', '--locked', '-p', 'nineheads', '-p', 'nineheads-cli', '--features', 'tauri/custom-protocol']);
  }
  if (window) {
    await buildBare();
    await buildChart();
    Object.assign(made, findChromium());
  }
  if (core && hasCore()) made.NINEHEADS_BENCH_CORE = await buildCore();
  return made;
}

const chart = join(target, 'bench-chart');
const paths = () => ({
  NINEHEADS_APP: process.env.NINEHEADS_BENCH_APP ?? built('nineheads-app', 'release'),
  NINEHEADS_BENCH_BARE: join(bare, 'release/bare-window'),
  NINEHEADS_BENCH_CHART: chart,
});

/** Its dependencies are few, so it is built apart: together, both would be built anew each time. */
async function buildBare() {
  const folder = join(root, 'tests/bench/bare');
  await must('cargo', ['build', '--release', '--locked', '--features', 'custom-protocol'], { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: bare } });
}

/** The page with the usage chart and the library alone. */
async function buildChart() {
  await npm('run', '--silent', 'messages');
  await must(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--config', 'tests/bench/chart/vite.config.js', '--outDir', chart, '--logLevel', 'error', 'tests/bench/chart']);
}

/** Whether the part in Rust is there. */
const hasCore = () => /\[\[(bench|bin)\]\]\s+name = "bench"/.test(readFileSync(join(root, 'tests/Cargo.toml'), 'utf8'));

async function buildCore() {
  const [, kind] = /\[\[(bench|bin)\]\]\s+name = "bench"/.exec(readFileSync(join(root, 'tests/Cargo.toml'), 'utf8'));
  const how = kind === 'bench' ? ['bench', '--no-run', '--bench', 'bench'] : ['build', '--release', '--bin', 'bench'];
  const told = spawnSync('cargo', [...how, '--locked', '-p', 'nineheads-tests', '--message-format=json-render-diagnostics'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
  const lines = told.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const program = lines.findLast(({ reason, target: of, executable }) => reason === 'compiler-artifact' && of.name === 'bench' && executable)?.executable;
  if (told.status !== 0 || !program) throw new Refused(`The benchmarks in Rust were not built: cargo ended with ${told.status}.`);
  return program;
}

/** Chromium, to compare memory with: the one that is named or installed, else the system's package, unpacked and not installed. */
function findChromium() {
  if (chromium().NINEHEADS_BENCH_CHROMIUM === undefined) fetchChromium();
  return chromium();
}

function chromium() {
  const known = process.env.NINEHEADS_BENCH_CHROMIUM ?? ['chromium', 'chromium-browser', 'google-chrome'].map((name) => ask('which', [name])).find(Boolean);
  if (known) return { NINEHEADS_BENCH_CHROMIUM: known };
  const program = join(foreign, 'usr/lib/chromium/chromium');
  return existsSync(program) ? { NINEHEADS_BENCH_CHROMIUM: program, NINEHEADS_BENCH_CHROMIUM_LIBRARIES: join(foreign, 'usr/lib/x86_64-linux-gnu') } : {};
}

function fetchChromium() {
  const planned = ask('apt-get', ['install', '--no-install-recommends', '--simulate', 'chromium']) ?? '';
  const packages = [...planned.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
  if (packages.length === 0) return;
  mkdirSync(foreign, { recursive: true });
  console.log('Fetching Chromium, to compare memory with …');
  const run = (program, ...args) => spawnSync(program, args, { cwd: foreign, stdio: ['ignore', 'ignore', 'ignore'] });
  run('apt-get', 'download', ...packages);
  for (const file of readdirSync(foreign).filter((name) => name.endsWith('.deb'))) run('dpkg', '-x', file, foreign);
}
