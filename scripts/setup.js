// Everything between a fresh clone and a build: tools, system packages, npm's packages, the compiled messages, and the
// Python tools of the tests. Each step is skipped when it was done before; all of them together then take under a second.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ask, main, must, npm, once, Refused, root, startedAs } from './command.js';
import { ensurePackages } from './packages.js';

const oldestRust = [1, 90];
const oldestNode = [20, 19];

/** Refuses to go on with a Rust or a Node that is missing or too old, and says how to get one. */
export function checkTools() {
  if (!atLeast(process.versions.node, oldestNode)) {
    throw new Refused(`Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}. Get it from nodejs.org or your system's packages.`);
  }
  const cargo = ask('cargo', ['--version'])?.split(' ')[1];
  if (cargo === undefined) {
    throw new Refused('Rust is missing. Install rustup from rustup.rs or your system\'s packages, then run: rustup default stable');
  }
  if (!atLeast(cargo, oldestRust)) {
    throw new Refused(`Rust ${oldestRust.join('.')} or newer is needed, this is ${cargo}. Run: rustup update stable`);
  }
}

/** Whether a version such as `1.95.0` is not older than `[1, 90]`. */
export function atLeast(version, [major, minor]) {
  const [ours, oursMinor] = version.split('.').map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}

/** npm's packages exactly as locked; their install scripts do not run. */
export function installModules() {
  return once({
    what: "npm's packages",
    inputs: ['package-lock.json'],
    stamp: 'node_modules/.nineheads-setup',
    act: () => npm('ci', '--ignore-scripts', '--no-audit', '--no-fund'),
  });
}

/** The message catalogues, compiled to functions. */
export function prepareUi() {
  return once({
    what: 'the messages',
    inputs: ['package-lock.json', 'ui/messages', 'ui/project.inlang/settings.json'],
    stamp: 'ui/src/lib/paraglide/.nineheads-setup',
    act: () => npm('run', '--silent', 'messages'),
  });
}

/** The folder with the programs of the Python tools. */
export const pythonTools = join(root, '.venv', process.platform === 'win32' ? 'Scripts' : 'bin');

/** The Python tools of the tests, in a folder of their own. */
export function installPythonTools() {
  return once({
    what: 'the Python tools',
    inputs: ['scripts/requirements.txt'],
    stamp: '.venv/.nineheads-setup',
    act: async () => {
      if (!existsSync(join(root, '.venv'))) await must(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '.venv']);
      await must(join(pythonTools, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'scripts/requirements.txt']);
    },
  });
}

/** All steps. `tests` adds what only testing takes. */
export async function setup({ tests }) {
  checkTools();
  await ensurePackages({ tests });
  await installModules();
  await prepareUi();
  if (tests) await installPythonTools();
}

if (startedAs(import.meta.url)) main(() => setup({ tests: true }));
