// `npm test`: the set-up, then every check in order, each with its heading and its time; the first failure ends it.
// `npm test -- lint rust-tests` runs the named checks alone.
import { everything, main, must, npm, Refused } from './command.js';
import { setup } from './setup.js';

const cargo = (command, ...args) => must('cargo', [command, ...everything, ...args]);
const script = (name, ...args) => must(process.execPath, [`scripts/${name}.js`, ...args]);
const npmRun = (name) => npm('run', '--silent', name);

/** Name, what it proves, how. The order is cheap first, and what others need before them. */
const checks = [
  ['format', 'Rust is formatted', () => must('cargo', ['fmt', '--all', '--check'])],
  ['lint', 'the screens and scripts pass eslint', () => npmRun('lint')],
  ['types', 'the screens type-check', () => npmRun('check:ui')],
  ['ui-tests', 'the screens do what they should', () => npmRun('test:ui')],
  ['ui', 'the screens build', () => npmRun('build:ui')],
  ['clippy', 'Rust passes clippy', () => cargo('clippy', '--all-targets', '--', '-D', 'warnings')],
  ['deny', 'licences and sources are allowed', () => script('deny', 'bans', 'licenses', 'sources')],
  ['rust-tests', 'Rust does what it should', () => cargo('test')],
  ['openclaw', 'a real agent does what it should, from its installation to its end', () => script('openclaw')],
  ['build', 'the app and the platform build', () => cargo('build')],
  ['package', 'the .deb installs, starts and goes again', () => script('package-test')],
  ['contract', 'the local platform keeps the contract', () => script('contract')],
  ['window', 'the real window does what it should', () => script('window', 'test')],
  ['screens', 'every screen can be pictured', () => script('window', 'screens')],
];

main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !checks.some(([known]) => known === name));
  if (unknown) throw new Refused(`There is no check "${unknown}". There are: ${checks.map(([name]) => name).join(', ')}.`);
  const chosen = checks.filter(([name]) => wanted.length === 0 || wanted.includes(name));
  await timed('set-up', 'everything is there', () => setup({ tests: true }));
  let passed = 0;
  for (const [name, claim, act] of chosen) {
    try {
      await timed(name, claim, act);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Refused(`${error.message}\n${passed} passed, 1 failed`);
    }
    passed += 1;
  }
  console.log(`\n${passed} passed, 0 failed`);
});

async function timed(name, claim, act) {
  console.log(`\n── ${name}: ${claim}`);
  const start = performance.now();
  await act();
  console.log(`── ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
