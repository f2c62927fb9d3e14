/** Measures the real app in its real window with more than a demo holds: `npm run bench`, or `npm run bench -- log chat` for some parts. */
import { cpus, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHome, openApp } from '../window/support/app.js';
import { startPlatform } from '../window/support/platform.js';
import { connect } from '../window/support/steps.js';
import * as chat from './chat.js';
import * as configuration from './configuration.js';
import { startFront } from './front.js';
import * as log from './log.js';
import { Report } from './report.js';

const PARTS = ['configuration', 'log', 'chat'];
const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : PARTS;
const unknown = wanted.find((part) => !PARTS.includes(part));
if (unknown) throw new Error(`There is no part ${unknown}; there are ${PARTS.join(', ')}.`);

// What else the machine does would be measured as well. Everything that is started from here inherits this, where it is allowed.
let ahead = true;
try {
  setPriority(-10);
} catch {
  ahead = false;
}
const started = Date.now();
const report = new Report();
const home = makeHome();
const original = configuration.prepare(home);
const platform = await startPlatform({ fleet: 40 });
const front = await startFront(platform.url);
const app = await openApp({ home });
try {
  await connect(app, front.url, platform.keys.admin);
  await app.sees('40 instances');
  const { instances } = await platform.ask('/v1/instances');
  const [configured, busy, quiet, talking] = instances.filter(({ status, runtime_type }) => status === 'running' && runtime_type === 'expressclaw');
  if (wanted.includes('configuration')) await configuration.measure({ app, front, instance: configured, original, report });
  if (wanted.includes('log')) await log.measure({ app, front, instance: busy, small: quiet, report });
  if (wanted.includes('chat')) await chat.measure({ app, front, instance: talking, report });
} catch (error) {
  await app.screenshot('bench-failed').catch(() => undefined);
  throw error;
} finally {
  report.keep(join(process.env.NINEHEADS_SCREENSHOTS, '..', 'bench.json'));
  await app.close();
  await front.stop();
  await platform.stop();
  await home.remove();
}
const [{ model }] = cpus();
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${model.trim()}), ${process.env.NINEHEADS_BENCH_APP ?? 'dev profile'}${ahead ? ', ahead of other work' : ''}, ${Math.round((Date.now() - started) / 1000)} s in all.`;
// Some parts alone do not make the table.
if (wanted.length === PARTS.length) {
  const docs = fileURLToPath(new URL('../../docs', import.meta.url));
  report.publish(join(docs, 'performance.md'), machine);
  report.keep(join(docs, 'performance.json'));
}
