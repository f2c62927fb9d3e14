/** P7: from a key in the search of the fleet until the rows that match are painted: among ten thousand, and among ten. */
import { openApp } from '../window/support/app.js';
import { rest } from './page.js';
import { compare, quantile, twice, verdictOf } from './numbers.js';
import { hasRows, prepareFleet, rowLines } from './programs.js';
import { ms } from './report.js';
import { settledAt } from './screen.js';

const PRESSES = 14;
const MOST = 1.5;
const FRAME = 16;
/** Rows do not change for so long: they are those that match. */
const QUIET = 150;

export async function measure({ report, screen }) {
  const few = await prepareFleet(10);
  const many = await prepareFleet(10_000);
  try {
    const blocks = async () => {
      const taken = { few: [], many: [] };
      for (const [side, into] of [[few, taken.few], [many, taken.many], [many, taken.many], [few, taken.few]]) into.push(await block(side, screen));
      const times = (all, name) => all.map((one) => one.map((press) => press[name]));
      return { ...compare(times(taken.few, 'painted'), times(taken.many, 'painted')), taken };
    };
    const compared = await twice(blocks);
    const { busy, idle, control, taken } = compared;
    report.row({
      id: 'P7', what: 'a key in the search → the rows that match painted, among 10,000',
      measured: `p50 ${ms(quantile(busy, 0.5))}, p95 ${ms(quantile(busy, 0.95))}, p99 ${ms(quantile(busy, 0.99))} (${parts(taken.many.flat())})`,
      control: `among 10: p50 ${ms(quantile(idle, 0.5))}, p95 ${ms(quantile(idle, 0.95))} (${parts(taken.few.flat())})`,
      goal: `p95 ≤ ${FRAME} ms`, verdict: quantile(busy, 0.95) <= FRAME ? 'met' : 'missed', samples: { many: taken.many, few: taken.few },
    });
    report.row({
      id: 'P7', what: '… against the same among 10', measured: `${compared.value.toFixed(2)} × (${compared.low.toFixed(2)} to ${compared.high.toFixed(2)})`,
      control: `A/A ${control.value.toFixed(2)}`, goal: `≤ ${MOST} ×`, verdict: verdictOf(compared, MOST),
    });
  } finally {
    await few.stop();
    await many.stop();
  }
}

/** What the time is made of, as far as the page can tell: until the core has answered, until the rows stand in the page; the rest is painting. */
function parts(presses) {
  const of = (name) => ms(quantile(presses.map((press) => press[name]).filter((value) => value !== null), 0.5));
  return `answered after ${of('answered')}, in the page after ${of('placed')}`;
}

async function block({ home }, screen) {
  const app = await openApp({ home });
  try {
    await app.when('there are rows', hasRows);
    await app.run(() => document.querySelector('[role=searchbox], input[type=search], .toolbar input, header input')?.focus());
    if (!(await app.run(() => document.activeElement?.matches('input')))) await (await app.find('textbox', 'Search the fleet', { exact: false })).click();
    await app.run(instruments);
    await rest(500);
    const lines = await rowLines(app);
    const letter = await letterOf(app);
    const presses = [];
    for (let at = 0; at < PRESSES; at += 1) {
      await app.run(() => window.benchKeys.begin());
      let begun = false;
      const watched = screen.watch(lines, (seen, moment) => begun && moment - Math.max(seen.at(-1).at, begun) > (seen.length > 1 ? QUIET : 1500));
      await app.keys(at % 2 === 0 ? letter : 'Backspace');
      begun = performance.timeOrigin + performance.now();
      const painted = settledAt(await watched);
      const told = await app.run(() => window.benchKeys.end());
      if (painted !== undefined && told.pressed !== null) presses.push({ painted: painted - told.pressed, answered: told.answered, placed: told.placed });
      await rest(100);
    }
    if (presses.length < PRESSES / 2) throw new Error(`only ${presses.length} of ${PRESSES} keys changed the rows`);
    // The first of each is slower: the field and the filter are made then.
    return presses.slice(2);
  } finally {
    await app.close();
  }
}

/** The letter that changes most of the first rows and leaves some, so that each press changes what is shown. */
async function letterOf(app) {
  const changed = await app.browser.executeAsync((rows, done) => {
    const look = (text) => window.__TAURI_INTERNALS__.invoke('show_fleet', { query: { text, phases: [], sort: 'name', descending: false, group: null }, offset: 0, limit: rows })
      .then((shown) => shown.rows.map(({ instance }) => instance.id));
    const find = async () => {
      const all = await look('');
      const found = [];
      for (const letter of '0123456789abcdefghijklmnopqrstuvwxyz') {
        const some = await look(letter);
        if (some.length > 0) found.push({ letter, count: all.filter((id, at) => some[at] !== id).length });
      }
      return found;
    };
    find().then(done, (error) => done({ error: JSON.stringify(error) }));
  }, 8);
  if (changed.error) throw new Error(changed.error);
  const [best] = changed.sort((one, other) => other.count - one.count);
  if (!best || best.count < 2) throw new Error('no letter tells the first rows apart');
  return best.letter;
}

/** In the page: when the key came, when the core's answer was there, when the rows stood in the page. In milliseconds after the key. */
function instruments() {
  if (window.benchKeys) return;
  let marks = {};
  const open = window.fetch;
  window.fetch = async (...request) => {
    const told = await open(...request);
    if (String(request[0]).includes('show_fleet')) marks.answered = performance.now();
    return told;
  };
  addEventListener('keydown', (event) => { marks.pressed ??= event.timeStamp; }, true);
  new MutationObserver(() => { marks.placed = performance.now(); }).observe(document.querySelector('[role=table] .rows'), { subtree: true, childList: true, characterData: true, attributes: true });
  window.benchKeys = {
    begin: () => { marks = {}; },
    end: () => {
      const after = (moment) => (moment === undefined || marks.pressed === undefined ? null : moment - marks.pressed);
      return { pressed: marks.pressed === undefined ? null : performance.timeOrigin + marks.pressed, answered: after(marks.answered), placed: after(marks.placed) };
    },
  };
}
