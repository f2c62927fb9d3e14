import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Clock } from './clock.svelte';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const pageThatIs = (visibilityState: string) => Object.assign(new EventTarget(), { visibilityState }) as unknown as Document & { visibilityState: string };

it('the clock ticks each second while it is seen, pauses while hidden, and is right at once when it is seen again', () => {
  const page = pageThatIs('visible');
  const clock = new Clock();
  const stop = clock.start(page);
  vi.advanceTimersByTime(2_000);
  expect(clock.now).toBe(1_002_000);
  page.visibilityState = 'hidden';
  page.dispatchEvent(new Event('visibilitychange'));
  vi.advanceTimersByTime(60_000);
  expect(clock.now).toBe(1_002_000);
  page.visibilityState = 'visible';
  page.dispatchEvent(new Event('visibilitychange'));
  expect(clock.now).toBe(1_062_000);
  stop();
  vi.advanceTimersByTime(5_000);
  expect([clock.now, vi.getTimerCount()]).toEqual([1_062_000, 0]);
});
