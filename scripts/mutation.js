/**
 * Breaks the rules of "one confirmation, at most one server" one by one in a copy of the sources, and fails where the
 * model test does not notice: `npm run test:mutation`. What is broken stands in `tests/mutations.json`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const copy = join(target, 'mutation');
const test = 'deploys::model::one_confirmation_makes_at_most_one_instance_and_no_accepted_deploy_is_lost';

function copySources() {
  rmSync(copy, { recursive: true, force: true });
  const list = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (list.status !== 0) throw new Error(list.stderr);
  for (const file of list.stdout.split('\0').filter((name) => /^(Cargo\.|crates\/|src-tauri\/|tests\/.*\.(rs|toml)$|tests\/contract|icons\/|tauri\.conf\.json|rustfmt|clippy)/.test(name))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  mkdirSync(join(copy, 'ui'), { recursive: true });
  symlinkSync(join(root, 'ui', 'build'), join(copy, 'ui', 'build'));
}

/** Runs the model test in the copy; true where it passes. A copy that does not even compile proves nothing. */
function passes() {
  const cargo = ['test', '--workspace', '--features', 'tauri/custom-protocol', '--lib'];
  const env = { ...process.env, CARGO_TARGET_DIR: target };
  const built = spawnSync('cargo', [...cargo, '--no-run'], { cwd: copy, env, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (built.status !== 0) throw new Error(`the copy does not compile\n${built.stderr}`);
  const ran = spawnSync('cargo', [...cargo, '-p', 'nineheads-core', '--', '--exact', test], { cwd: copy, env, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (!/running 1 test/.test(ran.stdout)) throw new Error(`the test was not found\n${ran.stdout}${ran.stderr}`);
  return ran.status === 0;
}

const mutations = JSON.parse(readFileSync(join(root, 'tests', 'mutations.json'), 'utf8'));
copySources();
if (!passes()) throw new Error('The test fails without any change: nothing can be said.');
const unnoticed = [];
for (const { name, file, from, to } of mutations) {
  const sound = readFileSync(join(root, file), 'utf8');
  if (sound.split(from).length !== 2) throw new Error(`“${name}”: its place was not found once in ${file}`);
  writeFileSync(join(copy, file), sound.replace(from, () => to));
  const noticed = !passes();
  console.log(`${noticed ? 'noticed  ' : 'UNNOTICED'} ${name}`);
  if (!noticed) unnoticed.push(name);
  writeFileSync(join(copy, file), sound);
}
rmSync(copy, { recursive: true, force: true });
if (unnoticed.length > 0) process.exit(1);
