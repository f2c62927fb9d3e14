/** P12: a reply of 100 tokens a second: what all processes of the app work meanwhile, at its beginning and when it is 100 KB long. */
import { keepChat } from './front.js';
import { watchTree } from './memory.js';
import { median, pairwise, twice, verdictOf } from './numbers.js';
import { rest } from './page.js';

const RUNS = 3;
const WATCHED = 30_000;
/** Until what came at once is drawn. */
const DRAWN = 3000;
const PACE = 100;
const MOST = 0.15;
const GROWN = 1.5;

const isStreaming = () => [...document.querySelectorAll('button')].some((button) => button.innerText.trim().startsWith('Stop'));

export async function measure({ app, front, instance, report }) {
  keepChat(front, instance.id);
  await app.goTo(`/instances/${instance.id}/chat`);
  await app.find('textbox', 'Message', { exact: false });
  await rest(3000);
  const quiet = watchTree(app.pid);
  await rest(10_000);
  const idle = quiet() / 10_000;
  const measured = await twice(async () => {
    const taken = { short: [], long: [] };
    for (let run = 0; run < RUNS; run += 1) {
      const order = [['short', 1000], ['long', 100_000]];
      for (const [side, head] of run % 2 === 0 ? order : order.toReversed()) taken[side].push(await stream(app, instance, head));
    }
    return { ...pairwise(taken.short, taken.long, [0.9, 1.1]), taken };
  });
  const { short, long } = measured.taken;
  const percent = (part) => `${(part * 100).toFixed(1)} %`;
  report.row({
    id: 'P12', what: 'a reply of 100 tokens a second, of a core',
    measured: `${percent(median(short))} from 1 KB on (${short.map(percent).join(', ')})`, control: `nothing comes: ${percent(idle)}`, goal: '≤ 15 %',
    verdict: verdictOf({ value: median(short), low: Math.min(...short), holds: true }, MOST), samples: { short, idle },
  });
  report.row({
    id: 'P12', what: '… from 100 KB on', measured: `${percent(median(long))} (${long.map(percent).join(', ')}); ${measured.value.toFixed(2)} × (${measured.low.toFixed(2)} to ${measured.high.toFixed(2)})`,
    control: `A/A ${measured.control.value.toFixed(2)}`, goal: `≤ ${GROWN} × the cost at 1 KB`, verdict: verdictOf(measured, GROWN), samples: { long },
  });
}

async function stream(app, instance, head) {
  await app.browser.executeAsync((id, done) => void window.__TAURI_INTERNALS__.invoke('clear_transcript', { id }).then(() => done(true), () => done(false)), instance.id);
  const field = await app.find('textbox', 'Message', { exact: false });
  await field.click();
  await app.keys(['Control', 'a']);
  await app.keys('Delete');
  await field.addValue(JSON.stringify({ head, tokens: ((WATCHED + DRAWN) / 1000 + 3) * PACE, pace: PACE }));
  await app.keys('Enter');
  await app.when('the reply comes', isStreaming);
  await rest(DRAWN);
  const stop = watchTree(app.pid);
  await rest(WATCHED);
  const worked = stop() / WATCHED;
  if (!(await app.run(isStreaming))) throw new Error('the reply ended before it was measured');
  await app.when('the reply is complete', () => ![...document.querySelectorAll('button')].some((button) => button.innerText.trim().startsWith('Stop')));
  return worked;
}
