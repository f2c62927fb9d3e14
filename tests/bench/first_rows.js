/** P1, P1b: from the start of the process until the rows of the last time are painted, against a bare window's heading. */
import { pairwise, twice } from './numbers.js';
import { prepareBare, prepareFleet, start } from './programs.js';
import { ms } from './report.js';

const PAIRS = 20;

export async function measure({ report, screen, wants }) {
  const bare = prepareBare();
  const fleets = [];
  try {
    for (const [id, count, most] of [['P1', 200, 1.15], ['P1b', 10_000, 1.3]]) {
      if (wants(id)) fleets.push({ id, count, most, side: await prepareFleet(count) });
    }
    const sides = [bare, ...fleets.map(({ side }) => side)];
    // The first start of each fills the system's caches.
    for (const side of sides) await paint(side, screen);
    const all = async () => {
      const times = sides.map(() => []);
      for (let pair = 0; pair < PAIRS; pair += 1) {
        const order = sides.map((_, at) => at);
        for (const at of pair % 2 === 0 ? order : order.toReversed()) times[at].push(await paint(sides[at], screen));
      }
      return { times, holds: pairwise(times[0], times[0]).holds };
    };
    const { times: [base, ...ours] } = await twice(all);
    fleets.forEach(({ id, count, most }, at) => report.against(id, `start → first rows painted, ${count.toLocaleString('en-US')} instances, from the encrypted cache`, pairwise(base, ours[at]), most, ms));
  } finally {
    for (const { side } of fleets) await side.stop();
    await bare.stop();
  }
}

async function paint(side, screen) {
  const { painted, end } = await start(side, screen);
  await end();
  return painted;
}
