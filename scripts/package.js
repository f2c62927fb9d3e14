// `npm run package`: the app and its command line as what a system installs: .deb and .rpm on Linux, .dmg on macOS, .msi and .exe on Windows.
// `--bundles deb,appimage` makes the named ones, `--debug` takes the dev profile, which is built in seconds where the tests ran.
// Belongs here: what is put together, and how large it is. Does not belong here: what a package must hold (package-test.js).
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ask, built, everything, main, must, npm, Refused, root, startedAs, target } from './command.js';
import { setup } from './setup.js';

/** What each system installs. An AppImage is made where it is asked for, since its tools are fetched. */
const usual = { linux: ['deb', 'rpm'], darwin: ['dmg'], win32: ['msi', 'nsis'] };

/** The largest that may be shipped: the app's program, and the script its first page waits for. */
export const largest = { program: 18e6, script: 150e3 };

/** Where the command line's completions go, by shell, in a .deb and in an .rpm. */
const completions = [
  ['bash', 'bash-completion/completions/nineheads', 'bash-completion/completions/nineheads'],
  ['zsh', 'zsh/vendor-completions/_nineheads', 'zsh/site-functions/_nineheads'],
  ['fish', 'fish/vendor_completions.d/nineheads.fish', 'fish/vendor_completions.d/nineheads.fish'],
];

const linux = process.platform === 'linux';
const ending = process.platform === 'win32' ? '.exe' : '';

/** Makes packages of what is built, and returns their files. */
export async function bundle({ debug, bundles }) {
  const profile = debug ? 'debug' : 'release';
  // The bundler writes into the program it packs, so it gets copies, in a target folder of its own.
  const folder = join(target, 'package');
  const staged = join(folder, profile);
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  const app = stage('nineheads-app', profile, join(staged, `nineheads-app${ending}`));
  const cli = stage('nineheads', profile, join(staged, `nineheads-${triple()}${ending}`));
  const settings = join(staged, 'settings.json');
  const more = { externalBin: [join(staged, 'nineheads')], ...systemSettings({ staged, app, cli }) };
  writeFileSync(settings, JSON.stringify({ bundle: more }, undefined, 2));
  await must(
    process.execPath,
    ['node_modules/@tauri-apps/cli/tauri.js', 'bundle', ...(debug ? ['--debug'] : []), '--bundles', bundles.join(','), '--config', settings],
    { env: { ...process.env, CARGO_TARGET_DIR: folder } },
  );
  return packagesIn(join(staged, 'bundle'));
}

/** Copies a program to where the bundler looks. A dev profile's is five times as large with what a debugger reads. */
function stage(name, profile, to) {
  const from = built(name, profile);
  if (!existsSync(from)) throw new Refused(`${from} is not built yet: run npm run package${profile === 'debug' ? ' -- --debug' : ''} first.`);
  copyFileSync(from, to);
  chmodSync(to, 0o755);
  if (linux && profile === 'debug') spawnSync('strip', [to], { stdio: 'inherit' });
  return to;
}

/** The name of this system and processor, as Rust says it. */
function triple() {
  const host = /^host: (.+)$/m.exec(ask('rustc', ['-vV']) ?? '')?.[1];
  if (host === undefined) throw new Refused('rustc -vV does not say which system this is.');
  return host;
}

/** What tauri.conf.json can not know: what was made a moment ago, and which libraries it was linked to. */
function systemSettings({ staged, app, cli }) {
  if (!linux) return { resources: ['LICENSE'] };
  const [deb, rpm] = [{}, {}];
  for (const [shell, inDeb, inRpm] of completions) {
    const file = join(staged, `nineheads.${shell}`);
    writeFileSync(file, completionsFor(cli, shell), { mode: 0o644 });
    deb[`/usr/share/${inDeb}`] = file;
    rpm[`/usr/share/${inRpm}`] = file;
  }
  const depends = librariesOf([app, cli], staged);
  return { linux: { deb: { files: deb, ...(depends && { depends }) }, rpm: { files: rpm } } };
}

function completionsFor(cli, shell) {
  const made = spawnSync(cli, ['completions', shell], { encoding: 'utf8' });
  if (made.status !== 0) throw new Refused(`nineheads completions ${shell} ended with ${made.status}: ${made.stderr}`);
  return made.stdout;
}

/** The packages that programs are linked to, with the oldest versions that do, as Debian's own tool finds them; undefined where it is missing. */
export function librariesOf(programs, folder) {
  // The tool wants to stand in a source package.
  const source = join(folder, 'shlibdeps');
  mkdirSync(join(source, 'debian'), { recursive: true });
  writeFileSync(join(source, 'debian', 'control'), 'Source: nineheads\n\nPackage: nineheads\nArchitecture: any\n');
  const found = spawnSync('dpkg-shlibdeps', ['-O', '--warnings=0', ...programs], { cwd: source, encoding: 'utf8' });
  rmSync(source, { recursive: true });
  if (found.error) return undefined;
  const list = /^shlibs:Depends=(.+)$/m.exec(found.stdout)?.[1];
  if (list === undefined) throw new Refused(`dpkg-shlibdeps ended with ${found.status}: ${found.stderr}`);
  return list.split(', ');
}

function packagesIn(folder) {
  const isPackage = /\.(deb|rpm|AppImage|dmg|msi|exe)$/;
  const kinds = readdirSync(folder).map((kind) => join(folder, kind));
  return kinds.flatMap((kind) => readdirSync(kind).filter((name) => isPackage.test(name)).map((name) => join(kind, name)));
}

/** What the first page waits for: every script that index.html names, as it would be sent. */
export function firstScript() {
  const page = readFileSync(join(root, 'ui/build/index.html'), 'utf8');
  const names = new Set(page.match(/\/_app\/[\w./-]+\.js/g));
  const size = [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(root, 'ui/build', name)), { level: 9 }).length, 0);
  return { size, files: names.size };
}

function report(packages, profile) {
  const app = statSync(built('nineheads-app', profile)).size;
  const goal = (size, most) => (profile === 'debug' ? '' : `   (goal ≤ ${shown(most)}: ${size <= most ? 'met' : 'missed'})`);
  const { size: script } = firstScript();
  const lines = [
    ['the app', `${shown(app)}${goal(app, largest.program)}`],
    ['the command line', shown(statSync(built('nineheads', profile)).size)],
    ['first JavaScript, gzip', `${shown(script)}${goal(script, largest.script)}`],
    ...packages.map((file) => [file, shown(statSync(file).size)]),
  ];
  console.log(`\n${lines.map(([what, size]) => `${what.padEnd(24)} ${size}`).join('\n')}`);
}

function shown(bytes) {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

if (startedAs(import.meta.url)) {
  main(async () => {
    const { values } = parseArgs({ options: { debug: { type: 'boolean', default: false }, bundles: { type: 'string' } } });
    const bundles = values.bundles?.split(',') ?? usual[process.platform];
    if (!bundles) throw new Refused(`Nothing is known about packages for ${process.platform}.`);
    await setup({ tests: false });
    await npm('run', '--silent', 'build:ui');
    // What is shipped is built alone: the tests would add features to its libraries.
    const shipped = ['--release', '--locked', '-p', 'nineheads', '-p', 'nineheads-cli', '--features', 'tauri/custom-protocol'];
    await must('cargo', ['build', ...(values.debug ? everything : shipped)]);
    report(await bundle({ debug: values.debug, bundles }), values.debug ? 'debug' : 'release');
  });
}
