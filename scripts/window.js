// The real app on a virtual display, in a session of its own: `node scripts/window.js test`, `screens`, `walk` or `bench`; `test chat logs`
// runs the named files alone, `bench chat` the named parts. `installed` opens the app that NINEHEADS_INSTALLED_APP names.
// Belongs here: the display and the session. Does not belong here: what is done with the window (tests/window, tests/bench).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildForBench } from './bench.js';
import { built, main, Refused, root, target } from './command.js';

const folder = 'tests/window';

/** What is done in the session, by mode. Each returns an exit code. */
const modes = {
  test: runTests,
  screens: (_, env) => runSession([`${folder}/screens.js`], env),
  walk: (_, env) => runSession([`${folder}/walk.js`], env),
  bench: (names, env) => runSession(['tests/bench/run.js', ...names], env),
  installed: (_, env) => runSession([`${folder}/installed.js`], env),
};

/** Which app, where it is not the one that was built last, and what else is made before: in the session there is no home to build in. */
const before = {
  bench: (names) => buildForBench(names),
  installed: () => ({ NINEHEADS_APP: process.env.NINEHEADS_INSTALLED_APP }),
};

/**
 * Each file in a session of its own. One that fails is run once more, since the driver now and then loses a word; what passes only
 * then is named at the end: it is a bug to find, in the test or in the app.
 */
async function runTests(names, env) {
  const late = [];
  for (const file of testFiles(names)) {
    const args = ['--test', '--test-force-exit', '--test-reporter=spec', file];
    if ((await runSession(args, env)) === 0) continue;
    console.log(`\n${file} failed; once more.\n`);
    if ((await runSession(args, env)) !== 0) return 1;
    late.push(file);
  }
  if (late.length > 0) console.log(`\nPassed only the second time: ${late.join(', ')}`);
  return 0;
}

function testFiles(names) {
  const all = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.js'));
  const files = names.length === 0 ? all : names.map((name) => `${name}.test.js`);
  const unknown = files.find((file) => !all.includes(file));
  if (files.length === 0 || unknown) throw new Refused(`There is no test ${unknown ?? ''} in ${folder}.`);
  return files.sort().map((name) => `${folder}/${name}`);
}

main(async () => {
  const mode = modes[process.argv[2]];
  if (!mode) throw new Refused(`Say one of: ${Object.keys(modes).join(', ')}.`);
  if (process.platform !== 'linux') throw new Refused("Driving the real window takes WebKitGTK's driver, which is for Linux only.");
  const names = process.argv.slice(3);
  const made = (await before[process.argv[2]]?.(names)) ?? {};
  const app = made.NINEHEADS_APP || built('nineheads-app');
  if (!existsSync(app)) throw new Refused(`${app} is not built yet: run npm test -- ui build first.`);

  const display = await openDisplay();
  try {
    return await mode(names, {
      ...process.env,
      ...made,
      DISPLAY: display.name,
      NINEHEADS_SCREEN: display.memory,
      GDK_BACKEND: 'x11',
      NINEHEADS_APP: app,
      NINEHEADS_PLATFORM: built('nineheads-platform'),
      NINEHEADS_SCREENSHOTS: join(target, 'screenshots'),
    });
  } finally {
    await display.close();
  }
});

/** Runs node inside the session. Told to stop, it ends everything that was started in there. */
function runSession(args, env) {
  // A process group of its own can be ended as one: the bus, the keystore, the driver, the app.
  const session = spawn(join(root, folder, 'session.sh'), [process.execPath, ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
    detached: true,
  });
  const end = () => process.kill(-session.pid, 'SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  return new Promise((done, fail) => {
    session.once('error', (error) => fail(new Refused(`The session could not be started: ${error.message}`)));
    session.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end);
      done(code ?? 1);
    });
  });
}

/**
 * Starts a display on the first free number. Without `-noreset` it begins anew after its last client, and refuses whoever comes meanwhile.
 * What it shows can be read in the file `memory`.
 */
function openDisplay() {
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-display-'));
  const server = spawn('Xvfb', ['-displayfd', '3', '-noreset', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-fbdir', folder], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise((done) => server.once('exit', done));
  const close = async () => {
    server.kill();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return new Promise((done, fail) => {
    server.once('error', (error) => fail(new Refused(`Xvfb could not be started: ${error.message}`)));
    server.once('exit', () => fail(new Refused('Xvfb ended before it had a display.')));
    server.stdio[3].once('data', (number) => done({ name: `:${String(number).trim()}`, memory: join(folder, 'Xvfb_screen0'), close }));
  });
}
