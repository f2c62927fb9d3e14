import { describe, expect, it, vi } from 'vitest';
import type { Event } from '$lib/ipc/bindings';
import { Mishaps, thrownText } from './mishaps.svelte';

function made(now = () => 0) {
  let announce: (event: Event) => void = () => undefined;
  const noteMishap = vi.fn(() => Promise.resolve('abcd1234'));
  const mishaps = new Mishaps({ noteMishap, getUnexpectedEnd: () => Promise.resolve(null), onEvent: (listener) => { announce = listener; return () => undefined; } }, now);
  return { mishaps, noteMishap, announce: (event: Event) => announce(event) };
}

describe('what goes wrong inside the app', () => {
  it('is written down and shown under one reference', async () => {
    const { mishaps, noteMishap } = made();
    expect(await mishaps.note(new TypeError('x is not a function'))).toBe('abcd1234');
    expect(mishaps.current).toEqual({ reference: 'abcd1234' });
    expect(noteMishap).toHaveBeenCalledWith(expect.stringContaining('TypeError: x is not a function'));
  });
  it('is one notice, however many errors one accident throws', async () => {
    let now = 0;
    const { mishaps, noteMishap } = made(() => now);
    await mishaps.note('first');
    await mishaps.note('second');
    expect(noteMishap).toHaveBeenCalledTimes(1);
    now = 10_000;
    await mishaps.note('third');
    expect(noteMishap).toHaveBeenCalledTimes(2);
  });
  it('is shown also where it can not be written down', async () => {
    const { mishaps, noteMishap } = made();
    noteMishap.mockRejectedValueOnce(new Error('the core is gone'));
    expect(await mishaps.note('x')).toBeNull();
    expect(mishaps.current).toEqual({ reference: null });
  });
  it('comes from the page’s own reports and from the core, and harmless reports are none', async () => {
    const { mishaps, announce, noteMishap } = made();
    const frame = new EventTarget() as Window;
    const end = mishaps.follow(frame);
    frame.dispatchEvent(Object.assign(new globalThis.Event('error'), { message: 'ResizeObserver loop completed', error: null }));
    expect(noteMishap).not.toHaveBeenCalled();
    frame.dispatchEvent(Object.assign(new globalThis.Event('unhandledrejection'), { reason: new Error('lost') }));
    await vi.waitFor(() => expect(mishaps.current).toEqual({ reference: 'abcd1234' }));
    announce({ type: 'broke', reference: 'ffff0000' });
    expect(mishaps.current).toEqual({ reference: 'ffff0000' });
    mishaps.dismiss();
    end();
    frame.dispatchEvent(Object.assign(new globalThis.Event('error'), { message: 'late', error: new Error('late') }));
    expect(mishaps.current).toBeNull();
  });
  it.each([['words', 'words'], [{ code: 1 }, '{"code":1}'], [undefined, 'undefined'], [new Error('why'), 'Error: why']])('%o is told as text', (thrown, text) => {
    expect(thrownText(thrown)).toContain(text);
  });
});
