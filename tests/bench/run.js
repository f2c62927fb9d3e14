/**
 * Measures the app in its real window, and its core: `npm run bench`, or some metrics and parts: `npm run bench -- P5 P7 chat`.
 * Belongs here: which parts there are, and what they share. One that fails says so in its row and ends nothing else.
 */
import { cpus, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHome, openApp } from '../window/support/app.js';
import { startPlatform } from '../window/support/platform.js';
import { connect } from '../window/support/steps.js';
import * as rest from './at_rest.js';
import * as chart from './chart.js';
import * as chat from './chat.js';
import * as configuration from './configuration.js';
import * as core from './core.js';
import * as filtering from './filtering.js';
import * as start from './first_rows.js';
import { startFront } from './front.js';
import * as log from './log.js';
import * as pace from './log_pace.js';
import * as reply from './reply.js';
import { Report } from './report.js';
import { Screen } from './screen.js';
import * as scrolling from './scrolling.js';
import * as sizes from './sizes.js';

/** Names that may be asked for, what is measured, how. The window's parts in one session come last: what they fill would disturb the others. */
const PARTS = [
  { names: ['P11'], what: 'sizes', measure: sizes.measure },
  { names: ['P1', 'P1b'], what: 'start → first rows painted', measure: start.measure },
  { names: ['P2', 'P2b', 'P4'], what: 'memory and work at rest', measure: rest.measure },
  { names: ['P7'], what: 'a key in the search → rows painted', measure: filtering.measure },
  { names: ['P8'], what: '10,000 rows scrolled', measure: scrolling.measure },
  { names: ['P14'], what: 'chart of 10,000 points', measure: chart.measure },
  { names: ['P12'], what: 'a reply of 100 tokens a second', measure: (shared) => inWindow(shared, async (open) => reply.measure(open)) },
  { names: ['P13'], what: '1,000 log lines a second', measure: (shared) => inWindow(shared, async (open) => pace.measure(open)) },
  { names: ['P3', 'P5', 'P5a', 'P5b', 'P5c', 'P6', 'P6b', 'P9', 'P10', 'P15', 'P16', 'P17'], what: 'the core', measure: core.measure },
  { names: ['configuration'], what: 'configuration', measure: (shared) => inWindow(shared, ({ original, ...open }) => configuration.measure({ ...open, original })) },
  { names: ['log'], what: 'log', measure: (shared) => inWindow(shared, (open) => log.measure({ ...open, small: open.quiet })) },
  { names: ['chat'], what: 'chat', measure: (shared) => inWindow(shared, (open) => chat.measure(open)) },
];
const asked = process.argv.slice(2);
const known = PARTS.flatMap(({ names }) => names);
const unknown = asked.find((name) => !known.includes(name));
if (unknown) throw new Error(`There is no part ${unknown}; there are ${known.join(', ')}.`);
const whole = asked.length === 0;
const wants = (name) => whole || asked.includes(name);

// What else the machine does would be measured as well. Everything that is started from here inherits this, where it is allowed.
let ahead = true;
try {
  setPriority(-10);
} catch {
  ahead = false;
}
const started = Date.now();
const report = new Report();
const screen = new Screen();
for (const { names, what, measure } of PARTS.filter((part) => part.names.some(wants))) {
  const begun = Date.now();
  try {
    await measure({ report, screen, wants, names: asked.filter((name) => names.includes(name)) });
  } catch (error) {
    console.error(error);
    report.failed(names.filter(wants).find((name) => name.startsWith('P')) ?? '', what, error);
  }
  report.keep(join(process.env.NINEHEADS_SCREENSHOTS, '..', 'bench.json'));
  console.log(`── ${what}: ${Math.round((Date.now() - begun) / 1000)} s\n`);
}
screen.close();
const [{ model }] = cpus();
const profile = /\/debug\//.test(process.env.NINEHEADS_APP) ? 'dev profile' : 'release profile';
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${model.trim()}), ${profile}${ahead ? ', ahead of other work' : ''}, ${Math.round((Date.now() - started) / 60_000)} min in all.`;
// Some parts alone do not make the table.
if (whole) {
  const docs = fileURLToPath(new URL('../../docs', import.meta.url));
  report.publish(join(docs, 'performance.md'), machine);
  report.keep(join(docs, 'performance.json'));
}

/** One window on a platform of forty, with a server in front of it that can answer more than a demo holds. */
async function inWindow({ report: into }, act) {
  const home = makeHome();
  const original = configuration.prepare(home);
  const platform = await startPlatform({ fleet: 40 });
  const front = await startFront(platform.url);
  const app = await openApp({ home });
  try {
    await connect(app, front.url, platform.keys.admin);
    await app.sees('40 instances');
    const { instances } = await platform.ask('/v1/instances');
    const [instance, quiet] = instances.filter(({ status, runtime_type }) => status === 'running' && runtime_type === 'expressclaw');
    await act({ app, front, instance, quiet, original, report: into });
  } catch (error) {
    await app.screenshot('bench-failed').catch(() => undefined);
    throw error;
  } finally {
    await app.close();
    await front.stop();
    await platform.stop();
    await home.remove();
  }
}
