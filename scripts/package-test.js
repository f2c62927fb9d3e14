// Does the .deb install, start and go again? Part of `npm test`, with the programs that its check `build` left; `--deb PATH` takes another one.
// As root it is really installed, and taken away whatever happens; where a Nineheads is there already, nothing is touched. Anybody else gets
// it unpacked into a folder, and is told what that leaves out.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask, main, must, Refused, root } from './command.js';
import { bundle, librariesOf } from './package.js';

const name = 'nineheads';

/** Everything that the package puts on a computer. */
const contents = [
  'usr/bin/nineheads',
  'usr/bin/nineheads-app',
  'usr/share/applications/Nineheads.desktop',
  'usr/share/bash-completion/completions/nineheads',
  'usr/share/doc/nineheads/copyright',
  'usr/share/fish/vendor_completions.d/nineheads.fish',
  ...['32x32', '64x64', '128x128', '256x256@2', '512x512'].map((size) => `usr/share/icons/hicolor/${size}/apps/nineheads-app.png`),
  'usr/share/metainfo/dev.nineheads.app.metainfo.xml',
  'usr/share/zsh/vendor-completions/_nineheads',
];

main(async () => {
  const { values } = parseArgs({ options: { deb: { type: 'string' } } });
  if (ask('dpkg-deb', ['--version']) === undefined) return console.log('SKIPPED: there is no dpkg here, so no .deb can be installed.');
  refuseIfInstalled();
  const deb = values.deb ?? (await bundle({ debug: true, bundles: ['deb'] })).find((file) => file.endsWith('.deb'));
  const entries = entriesOf(deb);
  checkEntries(entries);

  const folder = mkdtempSync(join(tmpdir(), 'nineheads-package-'));
  try {
    if (process.getuid() === 0) await installAndRemove(deb, entries, folder);
    else {
      await must('dpkg-deb', ['-x', deb, join(folder, 'root')]);
      await checkUnpacked(join(folder, 'root'), deb, folder);
      console.log('SKIPPED: installing and removing, which take root.');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function refuseIfInstalled() {
  const version = ask('dpkg-query', ['-W', '-f', '${Version}', name]);
  if (version === undefined) return;
  throw new Refused(
    `Nineheads ${version} is installed here as a package, and this test would put another in its place. Remove it (dpkg -r ${name}; data stays), or leave this test out.`,
  );
}

/** What a .deb holds: paths without the leading dot, with owner and permissions. */
function entriesOf(deb) {
  const listed = spawnSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' });
  if (listed.status !== 0) throw new Refused(`dpkg-deb can not read ${deb}: ${listed.stderr}`);
  return listed.stdout.trim().split('\n').map((line) => {
    const [mode, owner, , , , path] = line.split(/\s+/);
    return { mode, owner, path: path.replace(/^\.?\/?/, '').replace(/\/$/, '') };
  });
}

function checkEntries(entries) {
  const files = entries.filter(({ mode }) => mode[0] !== 'd');
  assert.deepEqual(files.map(({ path }) => path).sort(), [...contents].sort(), 'it holds what it should, and nothing else');
  for (const { mode, owner, path } of entries) {
    const runs = mode[0] === 'd' || path.startsWith('usr/bin/');
    assert.equal(mode.slice(1), runs ? 'rwxr-xr-x' : 'rw-r--r--', `permissions of ${path}`);
    assert.match(owner, /^(0\/0|root\/root)$/, `owner of ${path}`);
  }
  tell('it holds two programs and what goes with them, all of it root\'s');
}

async function installAndRemove(deb, entries, folder) {
  const paths = entries.map(({ path }) => `/${path}`);
  const before = paths.filter((path) => existsSync(path));
  const taken = contents.find((path) => existsSync(`/${path}`));
  if (taken) throw new Refused(`/${taken} is there already, without a package. Remove it, or leave this test out.`);
  let data;
  const remove = () => dpkg('--purge', name);
  const stop = () => (remove(), process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  try {
    dpkg('--install', deb);
    assert.equal(ask('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name]), 'ii');
    assert.equal(ask('dpkg', ['--verify', name]), '', 'every file is as it was packed');
    tell('it installs, and everything that it depends on is there');
    data = await checkUnpacked('/', deb, folder);
    dpkg('--remove', name);
  } finally {
    if (ask('dpkg-query', ['-W', name]) !== undefined) remove();
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
  }
  assert.equal(ask('dpkg-query', ['-W', name]), undefined, 'dpkg has forgotten it');
  assert.deepEqual(paths.filter((path) => existsSync(path)), before, 'nothing of it is left');
  assert.deepEqual(everyFile(person(folder)), data, "the person's data is as it was");
  tell("removed, it leaves nothing of its own behind, and all of the person's data");
}

function dpkg(...words) {
  const done = spawnSync('dpkg', words, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } });
  assert.equal(done.status, 0, `dpkg ${words.join(' ')}: ${done.stdout}${done.stderr}`);
}

/** Holds what lies under `at` against what it must do; returns what the app left in the person's folder. */
async function checkUnpacked(at, deb, folder) {
  const programs = ['nineheads-app', 'nineheads'].map((program) => join(at, 'usr/bin', program));
  checkControl(deb, programs, folder);
  checkDescriptions(at);
  const { version } = JSON.parse(readFileSync(join(root, 'tauri.conf.json'), 'utf8'));
  assert.equal(ask(programs[1], ['--version']), `nineheads ${version}`);
  assert.match(ask('bash', ['-c', `source "${join(at, 'usr/share/bash-completion/completions/nineheads')}" && complete -p nineheads`]) ?? '', /nineheads$/);
  tell('the command line says its version, and bash completes it');
  await must(process.execPath, ['scripts/window.js', 'installed'], {
    env: { ...process.env, NINEHEADS_INSTALLED_APP: programs[0], NINEHEADS_PERSON: person(folder) },
  });
  const data = everyFile(person(folder));
  assert.ok(data.some((file) => file.startsWith('data/dev.nineheads.app/')), `the app kept something: ${data}`);
  tell('the app opens from where it lies, shows its first screen and starts the demo');
  return data;
}

function checkControl(deb, programs, folder) {
  const field = (key) => ask('dpkg-deb', ['-f', deb, key]);
  assert.equal(field('Package'), name);
  assert.equal(field('Architecture'), ask('dpkg', ['--print-architecture']));
  for (const key of ['Maintainer', 'Section', 'Description']) assert.ok(field(key), `${key} is said`);
  const named = field('Depends').split(', ');
  const missing = (librariesOf(programs, folder) ?? []).filter((library) => !named.includes(library));
  assert.deepEqual(missing, [], `it is linked to more than it depends on: ${named.join(', ')}`);
  tell('it depends on every library that it is linked to');
}

function checkDescriptions(at) {
  const validators = [
    ['desktop-file-validate', [join(at, 'usr/share/applications/Nineheads.desktop')]],
    ['appstreamcli', ['validate', '--no-net', join(at, 'usr/share/metainfo/dev.nineheads.app.metainfo.xml')]],
  ];
  for (const [program, words] of validators) {
    const said = spawnSync(program, words, { encoding: 'utf8' });
    if (said.error) {
      console.log(`  SKIPPED: ${words.at(-1)}, since there is no ${program} here`);
      continue;
    }
    assert.equal(said.status, 0, `${program}: ${said.stdout}${said.stderr}`);
    tell(`${program} finds nothing wrong`);
  }
}

function person(folder) {
  return join(folder, 'person');
}

function everyFile(folder) {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

function tell(claim) {
  console.log(`  ✓ ${claim}`);
}
