/**
 * P2, P2b, P4: what a window that is left alone takes: memory twenty seconds after its first picture, and then half a minute of a core.
 * Against a bare window, and against the same screens in Chromium.
 */
import { prepareChromium } from './chromium.js';
import { memoryOf, watchTree } from './memory.js';
import { median, pairwise, twice, verdictOf } from './numbers.js';
import { rest } from './page.js';
import { prepareBare, prepareFleet, start } from './programs.js';
import { mb } from './report.js';

const RUNS = 5;
const SETTLED = 20_000;
/** Of those, runs whose work is measured, and for how long. */
const IDLE_RUNS = 3;
const IDLE = 30_000;
/** Most of a core above the bare window. */
const MOST = 0.001;

export async function measure({ report, screen, wants }) {
  const sides = { bare: prepareBare() };
  try {
    if (wants('P2') || wants('P4')) sides.few = await prepareFleet(200);
    if (wants('P2b')) sides.many = await prepareFleet(10_000);
    const chromium = wants('P2') ? await prepareChromium(sides.few, screen).catch((error) => ({ missing: error.message })) : { missing: '' };
    if (!chromium.missing) sides.chromium = chromium;
    const memory = wants('P2') || wants('P2b');
    const taken = await twice(() => all(sides, screen, { runs: memory ? RUNS : IDLE_RUNS, idle: wants('P4') }));
    const sizes = (side) => taken.memory[side];
    if (wants('P2')) {
      report.against('P2', 'memory of all processes, 200 instances, 20 s after the first picture, against a bare window', pairwise(sizes('bare'), sizes('few')), 1.25, mb, breakdown(taken.parts.few, taken.parts.bare));
      if (sides.chromium) report.against('P2', '… against the same screens in Chromium (no core, no server counted)', pairwise(sizes('chromium'), sizes('few')), 0.65, mb);
      else report.row({ id: 'P2', what: '… against the same screens in Chromium', measured: `not measured: ${chromium.missing}`, goal: '≤ 0.65 ×', verdict: 'no verdict' });
    }
    if (wants('P2b')) report.against('P2b', 'memory of all processes, 10,000 instances', pairwise(sizes('bare'), sizes('many')), 1.4, mb, breakdown(taken.parts.many, taken.parts.bare));
    if (wants('P4')) idle(report, taken.idle);
  } finally {
    for (const side of Object.values(sides)) await side.stop();
  }
}

async function all(sides, screen, { runs, idle }) {
  const names = Object.keys(sides);
  const each = () => Object.fromEntries(names.map((name) => [name, []]));
  const taken = { memory: each(), parts: each(), idle: each() };
  for (let run = 0; run < runs; run += 1) {
    for (const name of run % 2 === 0 ? names : names.toReversed()) {
      const { pid, end } = await start(sides[name], screen);
      await rest(SETTLED - 1200);
      const size = memoryOf(pid);
      taken.memory[name].push(size.all);
      taken.parts[name].push(size);
      if (idle && run < IDLE_RUNS && (name === 'bare' || name === 'few')) {
        const stop = watchTree(pid);
        await rest(IDLE);
        taken.idle[name].push(stop() / IDLE);
      }
      await end();
    }
  }
  return { ...taken, holds: pairwise(taken.memory.bare, taken.memory.bare).holds };
}

/** Where it goes: the core's process, the page's, the others. */
function breakdown(ours, base) {
  const of = (sizes, part) => median(sizes.map(part));
  const parts = [['core', ({ app }) => app], ['page', ({ page }) => page], ['others', ({ all, app, page }) => all - app - page]];
  return ` (${parts.map(([name, part]) => `${name} ${Math.round(of(ours, part))} against ${Math.round(of(base, part))}`).join(', ')})`;
}

function idle(report, { bare, few }) {
  const percent = (part) => `${(part * 100).toFixed(2)} %`;
  const above = few.map((part, at) => part - bare[at]);
  const [low, high] = [Math.min(...above), Math.max(...above)];
  const verdict = verdictOf({ value: median(above), low, holds: true }, MOST);
  report.row({
    id: 'P4', what: 'work while nothing happens, visible and polling, of a core above a bare window',
    measured: `${percent(median(above))} (${percent(low)} to ${percent(high)}); ${percent(median(few))} against ${percent(median(bare))}`,
    control: `bare ${bare.map(percent).join(', ')}`, goal: '≤ 0.1 % of a core', verdict, samples: { base: bare, ours: few },
  });
}
