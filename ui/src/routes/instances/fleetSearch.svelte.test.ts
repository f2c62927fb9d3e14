/** The filter bar: its keys, its list, and what it says to a screen reader. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFakeIpc } from '$lib/ipc/fake';
import FleetSearch from './FleetSearch.svelte';

let shown: ReturnType<typeof mount> | null = null;
function show(text = '') {
  const target = document.createElement('div');
  document.body.append(target);
  const props = $state({ text, onsearch: vi.fn((next: string) => { props.text = next; }), onleave: vi.fn(), onhelp: vi.fn(), ipc: createFakeIpc({ latencyMs: 0 }) });
  shown = mount(FleetSearch, { target, props });
  flushSync();
  const input = target.querySelector('input');
  if (!input) throw new Error('there is no field');
  return { target, props, input };
}
afterEach(async () => {
  if (shown) await unmount(shown);
  document.body.replaceChildren();
});
const chips = (target: HTMLElement) => [...target.querySelectorAll('[data-chip]')].map((chip) => chip.textContent);
function type(input: HTMLInputElement, text: string) {
  input.focus();
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}
function key(on: Element, name: string) {
  on.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  flushSync();
}

describe('the filter bar', () => {
  it('shows the terms of an address as chips, and Backspace at the start takes the last one out', async () => {
    const { target, props, input } = show('status:failed region:eu-* desk');
    await vi.waitFor(() => { expect(chips(target)).toEqual(['status:failed', 'region:eu-*']); });
    expect(input.value).toBe('desk');
    input.setSelectionRange(0, 0);
    key(input, 'Backspace');
    expect(props.onsearch).toHaveBeenLastCalledWith('status:failed desk');
  });
  it('offers fields and values by the keyboard alone', async () => {
    const { target, props, input } = show();
    type(input, 'sta');
    await vi.waitFor(() => { expect(target.querySelector('[role=option]')?.textContent).toContain('status:'); });
    expect(input.getAttribute('aria-expanded')).toBe('true');
    key(input, 'Tab');
    await vi.waitFor(() => { expect(target.querySelector('[role=option]')?.textContent).toContain('running'); });
    expect(props.onsearch).toHaveBeenLastCalledWith('status:');
    key(input, 'ArrowDown');
    key(input, 'Enter');
    await vi.waitFor(() => { expect(chips(target)).toEqual(['status:running']); });
    expect(props.onleave).not.toHaveBeenCalled();
  });
  it('says what is wrong, and where', async () => {
    const { target, input } = show();
    type(input, 'ü regoin:eu');
    await vi.waitFor(() => { expect(target.querySelector('[role=status]')?.textContent).toContain('regoin'); });
    expect(target.querySelector('.wrong')?.textContent).toBe('regoin:');
    expect(input.getAttribute('aria-describedby')).toBe(target.querySelector('[role=status]')?.id);
  });
  it('closes its list, empties itself and leaves, one Escape for each', async () => {
    const { target, props, input } = show();
    type(input, 'sta');
    await vi.waitFor(() => { expect(target.querySelector('[role=option]')).not.toBeNull(); });
    key(input, 'Escape');
    expect([target.querySelector('[role=option]'), input.value]).toEqual([null, 'sta']);
    key(input, 'Escape');
    expect(props.onsearch).toHaveBeenLastCalledWith('');
    key(input, 'Escape');
    expect(props.onleave).toHaveBeenCalledOnce();
  });
});
