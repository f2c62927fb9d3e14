/** The walk through the fleet: how far, how long, how much longer. Pure. */
import type { FleetUsageRun, FleetUsageView } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { number } from '$lib/text/number';
import { age, duration } from '$lib/text/time';

/** Fewer answers say nothing about the time of the rest. */
const LEAST = 3;

/** Milliseconds that the rest will likely take; null while too little is known. */
export function remaining(run: FleetUsageRun, now: number): number | null {
  const took = now - Date.parse(run.startedAt);
  if (!(took > 0) || run.done < LEAST) return null;
  return (took / run.done) * Math.max(0, run.total - run.done);
}

/** `Asked 45 of 9,788 · 1 min 06 s, about 20 min left`. */
export function walkText(run: FleetUsageRun, now: number): string {
  const took = duration(Math.max(0, now - Date.parse(run.startedAt)));
  const left = remaining(run, now);
  const asked = m.usage_walk_asked({ done: number(run.done), total: number(run.total), took });
  const rest = left === null ? m.usage_walk_left_unknown() : m.usage_walk_left({ left: duration(left) });
  return run.failed > 0 ? `${asked} ${rest} ${m.usage_walk_failed({ count: run.failed, shown: number(run.failed) })}` : `${asked} ${rest}`;
}

/** `From 212 of 10,000 instances, oldest 3 h`. */
export function coverage({ fetched, total, oldestAt }: Pick<FleetUsageView, 'fetched' | 'total' | 'oldestAt'>, now: number): string {
  const from = { fetched: number(fetched), total: number(total), count: total };
  return oldestAt === null ? m.usage_from({ ...from }) : m.usage_from_oldest({ ...from, age: age(oldestAt, now) });
}

/** How a walk ended. */
export type Ending = { type: 'done' | 'stopped' | 'broken'; run: FleetUsageRun; took: number };

/** Whether it came to its end by itself. The last step may be told together with the end. */
export function endingOf(run: FleetUsageRun, stopped: boolean, now: number): Ending {
  const took = Math.max(0, now - Date.parse(run.startedAt));
  return { type: run.done >= run.total ? 'done' : stopped ? 'stopped' : 'broken', run, took };
}

/** `all`: of how many instances the sums are; fewer asked than these are the rest. */
export function endingText({ type, run, took }: Ending, all = run.total): string {
  const words = { done: number(run.done), total: number(run.total), took: duration(took) };
  switch (type) {
    case 'done':
      if (run.total < all) return run.failed > 0 ? m.usage_ended_rest_some({ ...words, failed: number(run.failed) }) : m.usage_ended_rest(words);
      return run.failed > 0 ? m.usage_ended_some({ ...words, failed: number(run.failed), count: run.failed }) : m.usage_ended(words);
    case 'stopped': return m.usage_ended_stopped(words);
    case 'broken': return m.usage_ended_broken(words);
  }
}
