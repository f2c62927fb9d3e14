/** What samples say. Pure. */

export function quantile(samples, part) {
  const sorted = [...samples].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

export const median = (samples) => quantile(samples, 0.5);

/** The ratio of two medians with its bootstrap 95 % interval. */
export function ratio(over, under, rounds = 2000) {
  const next = dice(1);
  const again = (samples) => samples.map(() => samples[Math.floor(next() * samples.length)]);
  const drawn = Array.from({ length: rounds }, () => median(again(over)) / median(again(under)));
  return { value: median(over) / median(under), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

/**
 * Busy against idle, from blocks measured in turn. The control is idle against idle, of the blocks before and after: outside its band
 * nothing can be said.
 * @param {number[][]} idle blocks in the order they were measured
 * @param {number[][]} busy
 */
export function compare(idle, busy, band = [0.95, 1.05]) {
  const half = Math.ceil(idle.length / 2);
  const control = ratio(idle.slice(half).flat(), idle.slice(0, half).flat());
  return { ...ratio(busy.flat(), idle.flat()), control, holds: control.value >= band[0] && control.value <= band[1], idle: idle.flat(), busy: busy.flat() };
}

function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
