// Running other programs, and where things lie. Belongs here: what every script needs to start a program.
// Does not belong here: which programs, and why.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where cargo puts what it builds. */
export const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');

/** One selection of packages and features for every cargo command, so that nothing is built twice. */
export const everything = ['--workspace', '--features', 'tauri/custom-protocol'];

const windows = process.platform === 'win32';

/** A sentence for the person; shown without a stack. */
export class Refused extends Error {}

/** A program that this project builds, in the dev profile unless another is named. */
export function built(name, profile = 'debug') {
  return join(target, profile, windows ? `${name}.exe` : name);
}

/** Whether the script at `url` was started by a person and not imported. */
export function startedAs(url) {
  return process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href;
}

/** Runs a script's main function; a refusal is one sentence on stderr and exit code 1. */
export async function main(act) {
  try {
    process.exitCode = (await act()) ?? 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

/** Runs a program in the project's folder with our own input and output. Resolves with its exit code. */
export function run(program, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', (error) => fail(new Refused(`${program} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => done(code ?? (signal ? 1 : 0)));
  });
}

/** Like `run`, but anything other than exit code 0 is a refusal. */
export async function must(program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Refused(`${[program, ...args].join(' ')} ended with ${code}.`);
}

/** Runs npm, also where it is a script that only a shell can start. */
export function npm(...args) {
  const entry = process.env.npm_execpath;
  return entry?.endsWith('.js')
    ? must(process.execPath, [entry, ...args])
    : must('npm', args, { shell: windows });
}

/** What a program prints, trimmed; undefined where it is missing or fails. */
export function ask(program, args) {
  const answer = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/**
 * Does `act` (and says `what`) unless it was done before with the same inputs. The stamp is a hash of the inputs (files or folders),
 * kept in what was made, so that removing that makes it again.
 */
export async function once({ what, inputs, stamp, act }) {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) hashInto(hash, join(root, input));
  const now = hash.digest('hex');
  const file = join(root, stamp);
  if (existsSync(file) && readFileSync(file, 'utf8') === now) return;
  console.log(`Setting up ${what} …`);
  await act();
  writeFileSync(file, now);
}

function hashInto(hash, path) {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) hashInto(hash, join(path, name));
  } else {
    hash.update(path).update(readFileSync(path));
  }
}
