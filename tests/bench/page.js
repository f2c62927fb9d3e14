/**
 * What is measured inside the page. Belongs here: gaps between turns of the main thread, gaps between frames, keys until they are
 * painted. Does not belong here: what is done meanwhile, what the numbers mean.
 */
import { watchWork } from './memory.js';

/** Puts the instruments into the page; a new page needs them anew. */
export const install = (app) => app.run(instruments);

function instruments() {
  if (window.bench) return;
  const bench = (window.bench = { stops: {} });

  // A message to oneself is the shortest way round the event loop: what comes late was kept waiting by one task, or by one frame.
  bench.tasks = () => {
    const { port1, port2 } = new MessageChannel();
    const gaps = [];
    let last = performance.now();
    port1.onmessage = () => {
      const now = performance.now();
      if (now - last >= 10) gaps.push({ from: performance.timeOrigin + last, ms: now - last });
      last = now;
      port2.postMessage(0);
    };
    port2.postMessage(0);
    return () => {
      port1.close();
      return gaps;
    };
  };

  bench.frames = () => {
    const gaps = [];
    let last = null;
    let going = true;
    const frame = (now) => {
      if (last !== null) gaps.push(now - last);
      last = now;
      if (going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    return () => {
      going = false;
      return gaps;
    };
  };

  // Two frames after a press what it changed is painted.
  bench.keys = () => {
    const times = [];
    const pressed = (event) => {
      const { timeStamp } = event;
      requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - timeStamp)));
    };
    addEventListener('keydown', pressed, true);
    return () => {
      removeEventListener('keydown', pressed, true);
      return times;
    };
  };

  /** A plain list of text over another list, as large: what the engine itself needs to move text. */
  bench.cover = (selector) => {
    const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
    const list = document.createElement('div');
    list.id = 'plain-list';
    Object.assign(list.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`, overflowY: 'scroll', background: 'white', font: '12.5px/22px monospace', whiteSpace: 'pre', zIndex: '1000' });
    for (let at = 0; at < 1000; at += 1) list.append(Object.assign(document.createElement('div'), { textContent: `${at}  info  packages  the agent answered after ${at * 17} ms, 4096 of 4096 blocks verified, nothing was lost` }));
    document.body.append(list);
  };

  /** Scrolls by so much a frame, back and forth where an end is reached; resolves with the gaps between frames, after eight seconds at the latest. */
  bench.scroll = (selector, step, count) => new Promise((done) => {
    const element = document.querySelector(selector);
    const gaps = [];
    let by = step;
    const begun = performance.now();
    let last = null;
    const frame = (now) => {
      if (last !== null) gaps.push(now - last);
      last = now;
      if (gaps.length >= count || now - begun > 8000) return done(gaps);
      if (element && by !== 0) {
        const before = element.scrollTop;
        element.scrollTop = before + by;
        if (Math.abs(element.scrollTop - before) < Math.abs(by) / 2) by = -by;
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

const begin = (app, what) => app.run((name) => { window.bench.stops[name] = window.bench[name](); }, what);
const end = (app, what) => app.run((name) => window.bench.stops[name](), what);

/**
 * The main thread while something happens and for a while after it, in milliseconds: `after` is when the act was done, `longest` the
 * longest gap by the clock, `own` the most that the thread worked in one gap: the rest it waited for a core, or for another thread.
 * @param {() => Promise<unknown>} act it has everything it needs; looking for elements would be measured as well
 */
export async function watchTasks(app, act, settle = 1500) {
  await install(app);
  const stop = watchWork(app.pid);
  await begin(app, 'tasks');
  const started = Date.now();
  await act();
  const after = Date.now() - started;
  await rest(settle);
  const heard = await end(app, 'tasks');
  const { worked } = stop();
  const gaps = heard.map(({ from, ms }) => ({ at: from - started, ms, own: Math.min(ms, worked(from, from + ms)) }));
  const most = (of) => Math.max(0, ...gaps.map(of));
  return { after, longest: most(({ ms }) => ms), own: most(({ own }) => own), gaps: gaps.filter(({ ms }) => ms >= 30) };
}

/** While a list is scrolled: the gaps between frames; how much the page's thread worked for each, and its other threads. */
export async function scroll(app, selector, step, count) {
  await install(app);
  const stop = watchWork(app.pid);
  const started = Date.now();
  const gaps = await app.browser.executeAsync((where, by, frames, done) => void window.bench.scroll(where, by, frames).then(done), selector, step, count);
  const { worked, others } = stop();
  return { gaps, work: worked(started, Date.now()) / gaps.length, others: others / gaps.length };
}

/** The same with a plain list in its place: the control. */
export async function scrollPlain(app, selector, step, count) {
  await install(app);
  await app.run((over) => window.bench.cover(over), selector);
  const scrolled = await scroll(app, '#plain-list', step, count);
  await app.run(() => document.getElementById('plain-list').remove());
  return scrolled;
}

/** A list against a plain one, in turn: plain, list, list, plain. */
export async function scrollInTurn(app, selector, step, count) {
  const [plain, list] = [[], []];
  for (const [by, into] of [[scrollPlain, plain], [scroll, list], [scroll, list], [scrollPlain, plain]]) into.push(await by(app, selector, step, count));
  return { plain, list };
}

/** Types letter by letter, at a person's pace; times until they are painted. */
export async function type(app, letters, pause = 90) {
  await install(app);
  await begin(app, 'keys');
  for (const letter of letters) {
    await app.keys(letter);
    await rest(pause);
  }
  await rest(250);
  return end(app, 'keys');
}

export const rest = (ms) => new Promise((done) => setTimeout(done, ms));
