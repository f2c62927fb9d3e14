/** P8: the fleet of ten thousand scrolled by script, frame by frame: how long the app's own script takes of each, and how much is in the page. */
import { openApp } from '../window/support/app.js';
import { quantile } from './numbers.js';
import { rest, scrollPlain } from './page.js';
import { hasRows, prepareFleet } from './programs.js';
import { ms } from './report.js';

const SCROLLER = '.fleet-table';
const FRAMES = 120;
const MOST = 4;
/** A turn of the wheel, and a page at a time: then each frame has other rows. */
const STEPS = [[60, 'by 60 px a frame'], [600, 'by 600 px a frame']];

export async function measure({ report }) {
  const fleet = await prepareFleet(10_000);
  const app = await openApp({ home: fleet.home });
  try {
    await app.when('there are rows', hasRows);
    await app.run(instruments);
    for (const [step, what] of STEPS) {
      const runs = [];
      for (let run = 0; run < 2; run += 1) {
        await rest(500);
        runs.push(await app.browser.executeAsync((where, by, count, done) => void window.benchScroll(where, by, count).then(done), SCROLLER, step, FRAMES));
      }
      const plain = await scrollPlain(app, SCROLLER, step, FRAMES);
      const scripts = runs.flatMap(({ scripts }) => scripts);
      const gaps = runs.flatMap((run) => run.gaps);
      const nodes = runs.flatMap((run) => run.nodes);
      const [low, high] = [Math.min(...nodes), Math.max(...nodes)];
      const p95 = quantile(scripts, 0.95);
      report.row({
        id: 'P8', what: `10,000 rows scrolled ${what}: own script a frame`,
        measured: `p50 ${ms(quantile(scripts, 0.5))}, p95 ${ms(p95)}, most ${ms(Math.max(...scripts))}; frames ${shown(gaps)}; ${low} to ${high} elements in the page`,
        control: `plain text: frames ${shown(plain.gaps)}`, goal: `p95 ≤ ${MOST} ms`, verdict: p95 <= MOST ? 'met' : 'missed', samples: { runs, plain },
      });
      if (step === STEPS[1][0]) {
        report.row({ id: 'P8', what: '… elements in the page, end of the way against its beginning', measured: `${half(nodes, -1)} against ${half(nodes, 0)}`, goal: 'constant (≤ 1.05 ×)', verdict: half(nodes, -1) <= 1.05 * half(nodes, 0) ? 'met' : 'missed', samples: { nodes } });
      }
    }
  } finally {
    await app.close();
    await fleet.stop();
  }
}

const shown = (gaps) => `${[0.5, 0.95, 1].map((part) => Math.round(quantile(gaps, part))).join(' / ')} ms`;
const half = (nodes, which) => Math.max(...(which < 0 ? nodes.slice(-Math.ceil(nodes.length / 2)) : nodes.slice(0, Math.ceil(nodes.length / 2))));

/**
 * In the page. A scroll event is heard before the app hears it and the frame's callbacks come after it did, so that what lies between is
 * the app's: its handler and what it draws. Answers of the core are taken from when they are there until the next task.
 */
function instruments() {
  let spent = 0;
  const open = window.fetch;
  window.fetch = async (...request) => {
    const told = await open(...request);
    const read = (name) => {
      const whole = told[name].bind(told);
      told[name] = async () => {
        const value = await whole();
        const from = performance.now();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { spent += performance.now() - from; port1.close(); };
        port2.postMessage(0);
        return value;
      };
    };
    for (const name of ['json', 'text', 'arrayBuffer']) read(name);
    return told;
  };
  let heard = null;
  addEventListener('scroll', () => { heard ??= performance.now(); }, true);
  window.benchScroll = (selector, step, count) => new Promise((done) => {
    const element = document.querySelector(selector);
    const [gaps, scripts, nodes] = [[], [], []];
    let last = null;
    let by = step;
    const first = performance.now();
    const frame = (at) => {
      const begun = performance.now();
      if (last !== null) {
        gaps.push(at - last);
        scripts.push(spent + (heard === null ? 0 : begun - heard));
        if (gaps.length % 10 === 0) nodes.push(document.getElementsByTagName('*').length);
      }
      [spent, heard, last] = [0, null, at];
      if (gaps.length >= count || at - first > 8000) return done({ gaps, scripts, nodes });
      const before = element.scrollTop;
      element.scrollTop = before + by;
      if (Math.abs(element.scrollTop - before) < Math.abs(by) / 2) by = -by;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
