/** Chance that repeats itself: the same seed gives the same world. */
export type Chance = () => number;

/** Numbers from 0 to 1, by a small congruential generator. */
export function chance(seed: number): Chance {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return (state - 1) / 2147483646;
  };
}

export function pick<T>(from: readonly T[], roll: Chance): T {
  return from[Math.floor(roll() * from.length)] as T;
}

/** A version 4 UUID. */
export function uuid(roll: Chance): string {
  const digit = (n: number) => n.toString(16);
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (mark) =>
    digit(mark === 'x' ? Math.floor(roll() * 16) : 8 + Math.floor(roll() * 4)));
}
