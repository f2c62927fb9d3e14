/** What the system knows of the app's processes: memory, each shared page counted in parts (PSS), in MB; how much a thread worked. */
import { readdirSync, readFileSync } from 'node:fs';

/** @returns {{ all: number, app: number, page: number }} the whole tree, the app's own process, the page's */
export function memoryOf(pid) {
  const found = { all: 0, app: 0, page: 0 };
  for (const one of treeOf(pid)) {
    const size = Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${one.pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
    found.all += size;
    if (one.pid === pid) found.app += size;
    if (isPage(one)) found.page += size;
  }
  return found;
}

/**
 * Watches how much the page's main thread works.
 * @returns {() => { worked: (from: number, to: number) => number, others: number }} ends it; `worked` is for a span of the clock, `others`
 * what the other threads of the page worked in all (painting, above all), in milliseconds of a core
 */
export function watchWork(pid) {
  const page = treeOf(pid).find(isPage)?.pid;
  const samples = [];
  // Both in hundredths of a second.
  const whole = () => read(`/proc/${page}/stat`).split(') ')[1]?.split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks) * 10, 0) ?? 0;
  const before = whole();
  const look = () => samples.push({ at: Date.now(), worked: Number(read(`/proc/${page}/task/${page}/schedstat`).split(' ')[0]) / 1e6 });
  look();
  const timer = setInterval(look, 10);
  return () => {
    clearInterval(timer);
    look();
    const until = (moment) => {
      const after = samples.findIndex(({ at }) => at >= moment);
      if (after <= 0) return samples.at(after === 0 ? 0 : -1).worked;
      const [one, other] = [samples[after - 1], samples[after]];
      return one.worked + ((other.worked - one.worked) * (moment - one.at)) / Math.max(1, other.at - one.at);
    };
    return { worked: (from, to) => until(to) - until(from), others: whole() - before - (samples.at(-1).worked - samples[0].worked) };
  };
}

/**
 * How much all processes of a program work from now on, in milliseconds of a core: each thread by the scheduler's own count. A thread
 * is looked at every quarter of a second, so that one that has ended counts as far as it was seen.
 * @returns {() => number} ends it
 */
export function watchTree(pid) {
  const [first, last] = [new Map(), new Map()];
  const look = () => {
    for (const one of treeOf(pid)) {
      for (const thread of threadsOf(one.pid)) {
        const worked = Number(read(`/proc/${one.pid}/task/${thread}/schedstat`).split(' ')[0]) / 1e6;
        const name = `${one.pid}/${thread}`;
        last.set(name, Math.max(worked, last.get(name) ?? 0));
      }
    }
  };
  look();
  for (const [name, worked] of last) first.set(name, worked);
  const timer = setInterval(look, 250);
  return () => {
    clearInterval(timer);
    look();
    return [...last].reduce((sum, [name, worked]) => sum + worked - (first.get(name) ?? 0), 0);
  };
}

function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // It has ended.
  }
}

const isPage = ({ name }) => name.startsWith('WebKitWebProc');

/** A process and everything that it started. */
export function treeOf(pid) {
  const children = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const status = read(`/proc/${entry}/status`);
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), { pid: Number(entry), name: /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '' }]);
  }
  const tree = [{ pid, name: 'app' }];
  for (const one of tree) tree.push(...(children.get(one.pid) ?? []));
  return tree;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // It has ended.
  }
}
