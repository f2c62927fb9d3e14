/** P13: a log that grows by 1,000 lines a second while somebody types into its search: how late the letters are, and what it takes of memory. */
import { lineOf, tell } from './front.js';
import { memoryOf, watchTree } from './memory.js';
import { compare, median, quantile, twice, verdictOf } from './numbers.js';
import { rest, type } from './page.js';
import { mb, ms } from './report.js';

const RUNS = 3;
const WATCHED = 30_000;
const PACE = 1000;
/** What one answer holds: more than comes between two looks. */
const WINDOW = 10_000;
const MOST = 1.5;
const GROWN = 1.15;

export async function measure({ app, front, instance, quiet, report }) {
  const growing = keepGrowing(front, instance.id);
  keepGrowing(front, quiet.id);
  const measured = await twice(async () => {
    const taken = { still: [], growing: [], sizes: [], worked: [] };
    for (let run = 0; run < RUNS; run += 1) {
      const order = [['still', quiet.id], ['growing', instance.id]];
      for (const [side, id] of run % 2 === 0 ? order : order.toReversed()) {
        if (side === 'growing') growing.go();
        taken[side].push(await typeFor(app, id, side === 'growing' ? taken : { sizes: [], worked: [] }));
        growing.pause();
      }
    }
    return { ...compare(taken.still, taken.growing), taken };
  });
  const { busy, idle, taken, control } = measured;
  const expected = (RUNS * WATCHED * PACE) / 1000;
  if (growing.lines - WINDOW < expected / 2) throw new Error(`the log grew by ${growing.lines} lines only`);
  report.row({
    id: 'P13', what: 'typing while 1,000 log lines a second come, against none',
    measured: `${measured.value.toFixed(2)} × (${measured.low.toFixed(2)} to ${measured.high.toFixed(2)}); ${ms(median(busy))} against ${ms(median(idle))}, p95 ${ms(quantile(busy, 0.95))} against ${ms(quantile(idle, 0.95))}`,
    control: `A/A ${control.value.toFixed(2)}`, goal: `≤ ${MOST} ×`, verdict: verdictOf(measured, MOST), samples: { idle: taken.still, busy: taken.growing },
  });
  const runs = taken.sizes;
  const growth = median(runs.map((sizes) => sizes.at(-1).all / sizes[Math.floor(sizes.length / 3)].all));
  report.row({
    id: 'P13', what: '… memory of all processes, at the end of each half minute against its first third',
    measured: `${growth.toFixed(2)} ×; ${runs.map((sizes) => `${Math.round(sizes[0].all)} → ${mb(sizes.at(-1).all)}`).join(', ')}; ${growing.asked} looks, ${(median(taken.worked) * 100).toFixed(0)} % of a core`,
    goal: `bounded (≤ ${GROWN} ×)`, verdict: growth <= GROWN ? 'met' : 'missed', samples: { runs },
  });
}

/** A log that grows by the clock while it goes; each answer holds its newest lines. */
function keepGrowing(front, id) {
  let [lines, since, asked] = [WINDOW, null, 0];
  const total = () => lines + (since === null ? 0 : Math.floor(((Date.now() - since) * PACE) / 1000));
  front.on(`GET /v1/instances/${id}/logs`, ({ response }) => {
    asked += 1;
    const end = total();
    tell(response, { instance_id: id, logs: Array.from({ length: WINDOW }, (_, at) => lineOf(end - WINDOW + 1 + at)), total: end });
  });
  return {
    go: () => { since = Date.now(); },
    pause: () => {
      lines = total();
      since = null;
    },
    get lines() { return total(); },
    get asked() { return asked; },
  };
}

async function typeFor(app, id, { sizes, worked }) {
  await app.goTo(`/instances/${id}/logs`);
  await app.when('rows are there', () => /step \d+/.test(document.querySelector('.card .head')?.parentElement.innerText ?? ''));
  const field = await app.find('textbox', 'Search', { exact: false });
  await field.click();
  await rest(1500);
  const times = [];
  const mine = [];
  const stop = watchTree(app.pid);
  const begun = Date.now();
  while (Date.now() - begun < WATCHED) {
    times.push(...(await type(app, 'verified')));
    await app.keys(['Control', 'a']);
    await app.keys('Delete');
    await rest(300);
    mine.push(memoryOf(app.pid));
  }
  worked.push(stop() / (Date.now() - begun));
  sizes.push(mine);
  return times;
}
