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

/**
 * Pairs measured in turn (A B B A): the median of their ratios with its bootstrap 95 % interval. The control is the base against itself,
 * in neighbouring pairs: outside its band nothing can be said.
 * @param {number[]} base
 * @param {number[]} ours as many
 */
export function pairwise(base, ours, band = [0.95, 1.05], rounds = 2000) {
  const count = Math.min(base.length, ours.length);
  const ratios = Array.from({ length: count }, (_, at) => ours[at] / base[at]);
  const same = Array.from({ length: Math.floor(count / 2) }, (_, at) => base[2 * at + 1] / base[2 * at]);
  const next = dice(1);
  const drawn = Array.from({ length: rounds }, () => median(ratios.map(() => ratios[Math.floor(next() * count)])));
  const control = median(same);
  return { value: median(ratios), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975), control: { value: control }, holds: control >= band[0] && control <= band[1], base, ours };
}

/** What a comparison says of a goal. */
export function verdictOf({ value, low, holds }, most) {
  if (!holds) return 'no verdict';
  return value <= most ? 'met' : low > most ? 'missed' : 'no verdict';
}

/** Measures once more where the control is outside its band. */
export async function twice(measure) {
  const first = await measure();
  return first.holds ? first : measure();
}

function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
