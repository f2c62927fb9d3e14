import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Event } from '$lib/ipc/bindings';
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

it('a clock that somebody set is read at once, and every screen is told to ask anew', async () => {
  let say: (event: Event) => void = () => undefined;
  const clock = new Clock();
  const end = clock.follow({ onEvent: (listener) => { say = listener; return () => (say = () => undefined); } });
  vi.setSystemTime(90_000_000);
  say({ type: 'sessionChanged' });
  await Promise.resolve();
  expect([clock.now, clock.settings]).toEqual([1_000_000, 0]);
  say({ type: 'clockSet' });
  await vi.waitFor(() => expect(clock.settings).toBe(1));
  expect(clock.now - 90_000_000).toBeLessThan(1_000);
  end();
});
