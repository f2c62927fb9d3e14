/**
 * The sides that are compared, each started as a person would, without a driver. Belongs here: starting, waiting for the first picture,
 * ending with all processes. Does not belong here: what is measured.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { foldersIn, makeHome, openApp, until } from '../window/support/app.js';
import { startPlatform } from '../window/support/platform.js';
import { connect } from '../window/support/steps.js';
import { treeOf } from './memory.js';
import { now, settledAt } from './screen.js';

export const APP = process.env.NINEHEADS_APP;
export const BARE = process.env.NINEHEADS_BENCH_BARE;

/** Nothing changes for so long, in milliseconds: that is how it stays. */
const QUIET = 1200;
const PATIENCE = 20_000;
/** Rows whose names are watched; the pointer rests on none of them. */
const ROWS = 8;

/** A fleet that was seen before: its platform, the folders of a person that knows it, and where its rows are on the display. */
export async function prepareFleet(count) {
  const home = makeHome();
  const platform = await startPlatform({ fleet: count });
  const app = await openApp({ home });
  try {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees(`${count.toLocaleString('en-US')} instances`);
    await app.when('there are rows', hasRows);
    // The view is remembered shortly after.
    await new Promise((next) => setTimeout(next, 2500));
  } finally {
    await app.close();
  }
  // Once more, as it looks at every start from now on.
  const again = await openApp({ home });
  try {
    await again.when('there are rows', hasRows);
    const lines = await rowLines(again);
    return { home, platform, lines, program: APP, stop: async () => { await platform.stop(); await home.remove(); } };
  } finally {
    await again.close();
  }
}

/** In the page. */
export const hasRows = () => document.querySelectorAll('[data-index] a[data-row-link]').length > 5;

/** Lines of pixels through the names of the first rows. */
export const rowLines = (app, rows = ROWS) => app.run((count) => [...document.querySelectorAll('[data-index] .name')]
  .filter((cell) => Number(cell.closest('[data-index]').dataset.index) < count)
  .map((cell) => cell.getBoundingClientRect())
  .map(({ left, top, width, height }) => ({ x: Math.round(left) + 4, y: Math.round(top + height / 2), width: Math.round(Math.min(160, width - 8)) })), rows);

/** The bare window: its heading. */
export function prepareBare() {
  const home = makeHome();
  return { home, program: BARE, lines: [28, 34, 40].map((y) => ({ x: 8, y, width: 200 })), stop: () => home.remove() };
}

/**
 * Starts a side and returns when its picture stays.
 * @returns {Promise<{ painted: number, pid: number, end: () => Promise<void> }>} `painted` is from the start to the picture, in milliseconds
 */
export async function start({ program, args = [], env = {}, home, lines }, screen) {
  const surroundings = { ...process.env, ...foldersIn(home), ...env };
  const before = now();
  const child = spawn(program, args, { stdio: 'ignore', env: surroundings });
  const end = async () => {
    const all = treeOf(child.pid).map(({ pid }) => pid);
    child.kill('SIGTERM');
    const gone = () => all.every((pid) => !existsSync(`/proc/${pid}`));
    await until(gone, 'all processes have ended', 5000).catch(() => {
      for (const pid of all) if (existsSync(`/proc/${pid}`)) tryKill(pid);
      return until(gone, 'all processes have ended');
    });
    await screen.watch(lines, (seen, at) => at - seen.at(-1).at > 150);
  };
  const seen = await screen.watch(lines, (pictures, at) => (pictures.length > 1 && at - pictures.at(-1).at > QUIET) || at - before > PATIENCE);
  const painted = settledAt(seen);
  if (painted === undefined) {
    await end();
    throw new Error(`nothing was painted by ${program} within ${PATIENCE / 1000} s`);
  }
  return { painted: painted - before, pictures: seen.length, pid: child.pid, end };
}

function tryKill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
