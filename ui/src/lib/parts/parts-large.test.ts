/** The large parts, mounted: what they say to a screen reader, and what their keys do. */
import { flushSync, mount, tick, unmount, type Component } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import CodeEditor from './CodeEditor.svelte';
import PlainTable from './PlainTable.svelte';
import JsonTree from './JsonTree.svelte';
import Sparkline from './Sparkline.svelte';
import TimeSeries from './TimeSeries.svelte';

let shown: Record<string, unknown>[] = [];
function show<P extends Record<string, unknown>>(part: Component<P>, props: P) {
  const target = document.createElement('div');
  document.body.append(target);
  const made = mount(part, { target, props });
  shown.push(made);
  flushSync();
  return { target, made };
}
beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
});
afterEach(async () => {
  await Promise.all(shown.map((part) => unmount(part)));
  shown = [];
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});
const one = <T extends Element>(of: ParentNode, selector: string): T => {
  const found = of.querySelector<T>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
};
function key(on: Element, name: string, held: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, composed: true, ...held });
  on.dispatchEvent(event);
  flushSync();
  return event;
}

describe('the editor', () => {
  const open = (props: Partial<{ value: string; readonly: boolean; label: string }> = {}) => {
    const { target, made } = show(CodeEditor, { value: '{"a": 1}', label: 'Configuration', ...props });
    const root = one<HTMLElement>(target, '.host').shadowRoot;
    if (!root) throw new Error('no shadow root');
    return { target, root, content: one<HTMLElement>(root, '.cm-content'), made };
  };
  it('is a named text box that says how to leave it', () => {
    const { root, content } = open();
    expect([content.getAttribute('role'), content.getAttribute('aria-label')]).toEqual(['textbox', 'Configuration']);
    expect(one(root, `#${content.getAttribute('aria-describedby') ?? ''}`).textContent).toContain('Escape');
  });
  it('puts no style element into the page, which the security policy would refuse', () => {
    const before = document.head.querySelectorAll('style').length;
    open();
    expect(document.head.querySelectorAll('style')).toHaveLength(before);
  });
  it('keeps what is typed from the shortcuts of the app, and lets Tab and shortcuts through', () => {
    const heard = vi.fn();
    document.body.addEventListener('keydown', heard);
    const { content } = open();
    key(content, 'g');
    key(content, 'Escape');
    expect(heard).not.toHaveBeenCalled();
    key(content, 'k', { ctrlKey: true });
    expect(heard).toHaveBeenCalledOnce();
    document.body.removeEventListener('keydown', heard);
  });
  it('that is read-only says so and stays reachable', () => {
    const { target, content } = open({ readonly: true });
    expect([content.getAttribute('aria-readonly'), content.getAttribute('contenteditable')]).toEqual(['true', 'true']);
    expect(target.textContent).toContain('Read-only');
  });
});

describe('the tree', () => {
  const tree = (props: Record<string, unknown> = {}) => {
    const { target } = show(JsonTree, { value: { a: { b: [1] }, c: 'text' }, label: 'Configuration', expandTo: 1, ...props });
    const list = one<HTMLElement>(target, '[role=tree]');
    const path = () => one(target, '.path').textContent;
    return { target, list, path };
  };
  it('goes down, opens, goes in, and out again by arrow keys', async () => {
    const { list, path } = tree();
    expect(path()).toBe('whole document');
    key(list, 'ArrowDown');
    await tick();
    expect(path()).toBe('a');
    key(list, 'ArrowRight');
    key(list, 'ArrowRight');
    await tick();
    expect(path()).toBe('a.b');
    key(list, 'ArrowLeft');
    await tick();
    expect(path()).toBe('a');
    expect(key(list, 'End').defaultPrevented).toBe(true);
    await tick();
    expect(path()).toBe('c');
  });
  it('leaves keys alone that it has no use for', () => expect(key(tree().list, 'q').defaultPrevented).toBe(false));
  it('goes to what is searched and says how often it is there', async () => {
    const onmatches = vi.fn();
    const { target, path } = tree({ query: 'TEX', onmatches });
    await tick();
    expect(path()).toBe('c');
    expect(onmatches).toHaveBeenCalledWith(1);
    expect(one(target, '.found [role=status]').textContent).toBe('1 match');
  });
  it('copies the value as JSON, and a text as it is', async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    const { list } = tree();
    key(list, 'End');
    await tick();
    key(list, 'c', { ctrlKey: true });
    expect(writeText).toHaveBeenLastCalledWith('text');
    key(list, 'Home');
    await tick();
    key(list, 'c', { ctrlKey: true });
    expect(writeText).toHaveBeenLastCalledWith(JSON.stringify({ a: { b: [1] }, c: 'text' }, null, 2));
  });
});

describe('the chart', () => {
  const chart = (days: string[]) => {
    const { target } = show(TimeSeries, { days, series: [{ key: 'a', label: 'A', values: days.map((_, i) => i), tone: 'main' as const, format: String }], label: 'Cost by day', describe: (index: number) => `day ${index}` });
    return { target, slider: target.querySelector('[role=slider]') };
  };
  it('reads the last day first and others by key, and stops at its ends', () => {
    const { slider } = chart(['2026-11-01', '2026-11-02', '2026-11-03']);
    const read = () => slider?.getAttribute('aria-valuetext');
    expect([slider?.getAttribute('aria-label'), read()]).toEqual(['Cost by day', 'day 2']);
    if (!slider) return;
    key(slider, 'ArrowLeft');
    expect(read()).toBe('day 1');
    key(slider, 'Home');
    key(slider, 'ArrowLeft');
    expect(read()).toBe('day 0');
    key(slider, 'End');
    expect(read()).toBe('day 2');
  });
  it('without days says so and is nothing to move in', () => {
    const { target, slider } = chart([]);
    expect(slider).toBeNull();
    expect(target.textContent).toContain('Nothing to show');
  });
});

it('a history has a name and a title for each segment, and gaps where nobody looked', () => {
  const { target } = show(Sparkline, { label: 'Last day', segments: [{ tone: 'ok' as const, title: '12:00 running' }, null, { tone: 'bad' as const }] });
  expect(one(target, 'svg').getAttribute('aria-label')).toBe('Last day');
  expect([...target.querySelectorAll('rect')].map((rect) => rect.classList[0])).toEqual(['ok', 'gap', 'bad']);
  expect(one(target, 'title').textContent).toBe('12:00 running');
});

it('a table heads its columns and its rows', () => {
  const { target } = show(PlainTable, { caption: 'Cost', columns: [{ key: 'day', label: 'Day' }, { key: 'cost', label: 'Cost', numeric: true }], rows: [{ day: '1 Nov', cost: '$2' }] });
  expect([...target.querySelectorAll('th')].map((cell) => [cell.getAttribute('scope'), cell.textContent])).toEqual([['col', 'Day'], ['col', 'Cost'], ['row', '1 Nov']]);
  expect(one(target, 'caption').textContent).toBe('Cost');
});
