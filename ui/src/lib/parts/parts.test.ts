/** The parts that decide something: what they report, when, and what they say to a screen reader. */
import { createRawSnippet, flushSync, mount, tick, unmount, type Component, type ComponentProps } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import Button from './Button.svelte';
import ComboBox from './ComboBox.svelte';
import ConfirmByName from './ConfirmByName.svelte';
import CopyText from './CopyText.svelte';
import Facts from './Facts.svelte';
import { keyNames } from './keys';
import { Listbox } from './listbox.svelte';
import SelectBox from './SelectBox.svelte';
import Timeline from './Timeline.svelte';

let shown: Record<string, unknown>[] = [];
function show<P extends Record<string, unknown>>(part: Component<P>, props: P, context = new Map()): HTMLElement {
  const target = document.createElement('div');
  document.body.append(target);
  shown.push(mount(part, { target, props, context }));
  flushSync();
  return target;
}
afterEach(async () => {
  await Promise.all(shown.map((part) => unmount(part)));
  shown = [];
  document.body.replaceChildren();
});

const text = (words: string) => createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));
const one = <T extends Element>(of: ParentNode, selector: string): T => {
  const found = of.querySelector<T>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
};
function type(field: HTMLInputElement, words: string) {
  field.value = words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}
function key(on: Element, name: string) {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
  on.dispatchEvent(event);
  flushSync();
  return event;
}

describe('a button', () => {
  it('that is busy keeps its place but does nothing', () => {
    const onclick = vi.fn();
    const button = one<HTMLButtonElement>(show(Button, { children: text('Save'), busy: true, onclick }), 'button');
    button.click();
    expect([button.disabled, button.getAttribute('aria-busy')]).toEqual([false, 'true']);
    expect(onclick).not.toHaveBeenCalled();
  });
  it('with an address is a link, unless it is disabled', () => {
    expect(show(Button, { children: text('Go'), href: '/x' }).querySelector('a')).not.toBeNull();
    expect(show(Button, { children: text('Go'), href: '/x', disabled: true }).querySelector('a')).toBeNull();
  });
});

describe('a combo box', () => {
  const items = [{ value: 'eu', label: 'Europe' }, { value: 'us', label: 'America', note: 'us-east' }];
  const combo = (props: { allowFree?: boolean; value?: string } = {}) => {
    const onchange = vi.fn();
    const input = one<HTMLInputElement>(show(ComboBox, { items, label: 'Region', onchange, ...props }), 'input');
    return { input, onchange, options: () => [...document.querySelectorAll('[role=option]')].map((option) => option.textContent?.trim()) };
  };
  it('shows the name of what is chosen', () => expect(combo({ value: 'us' }).input.value).toBe('America'));
  it('shows what is typed of the list, by name, value or note', () => {
    const { input, options } = combo();
    type(input, 'us-e');
    expect(options()).toHaveLength(1);
    expect(input.getAttribute('aria-expanded')).toBe('true');
  });
  it('takes what the arrow keys and Enter choose', () => {
    const { input, onchange } = combo();
    key(input, 'ArrowDown');
    key(input, 'ArrowDown');
    expect(key(input, 'Enter').defaultPrevented).toBe(true);
    expect(onchange).toHaveBeenCalledWith('eu');
    expect([input.value, input.getAttribute('aria-expanded')]).toEqual(['Europe', 'false']);
  });
  it('takes free text where that is allowed', () => {
    const { input, onchange } = combo({ allowFree: true });
    type(input, ' ap-south ');
    input.dispatchEvent(new FocusEvent('blur'));
    expect(onchange).toHaveBeenLastCalledWith('ap-south');
  });
  it('takes the value of a name that was typed out', () => {
    const { input, onchange } = combo({ allowFree: true });
    type(input, 'Europe');
    expect(onchange).toHaveBeenLastCalledWith('eu');
  });
  it('falls back to the choice where free text is not allowed', () => {
    const { input, onchange } = combo({ value: 'eu' });
    type(input, 'nowhere');
    input.dispatchEvent(new FocusEvent('blur'));
    flushSync();
    expect(input.value).toBe('Europe');
    expect(onchange).not.toHaveBeenCalled();
  });
  it('closes with Escape and keeps the press to itself', () => {
    const { input } = combo();
    key(input, 'ArrowDown');
    const outside = vi.fn();
    document.body.addEventListener('keydown', outside, { once: true });
    key(input, 'Escape');
    expect(input.getAttribute('aria-expanded')).toBe('false');
    expect(outside).not.toHaveBeenCalled();
  });
});

it('a select box is chosen from by the first letter', () => {
  const onchange = vi.fn();
  const button = one(show(SelectBox, { items: [{ value: 'a', label: 'Age' }, { value: 'n', label: 'Name' }], value: 'a', label: 'Sort', onchange }), 'button');
  key(button, 'n');
  expect(onchange).toHaveBeenCalledWith('n');
  expect(button.textContent).toContain('Name');
});

it('a list goes round at its ends', () => {
  const list = new Listbox();
  list.step(-1, 3);
  expect(list.at).toBe(2);
  list.step(1, 3);
  expect(list.at).toBe(0);
  list.step(1, 0);
  expect(list.at).toBe(-1);
});

describe('a confirmation by name', () => {
  const ask = async (onconfirm: () => Promise<unknown>) => {
    show(ConfirmByName, { open: true, title: 'Delete?', name: 'Harbour desk', consequence: 'All is lost.', confirmLabel: 'Delete instance', onconfirm });
    await tick();
    await vi.waitFor(() => expect(document.querySelector('form')).not.toBeNull());
    const confirm = () => one<HTMLButtonElement>(document, 'button[type=submit]');
    return { input: one<HTMLInputElement>(document, 'form input'), form: one<HTMLFormElement>(document, 'form'), confirm };
  };
  const submit = (form: HTMLFormElement) => form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  it('wants exactly the name', async () => {
    const onconfirm = vi.fn(async () => undefined);
    const { input, form, confirm } = await ask(onconfirm);
    type(input, 'harbour desk');
    submit(form);
    expect(confirm().disabled).toBe(true);
    expect(onconfirm).not.toHaveBeenCalled();
    type(input, 'Harbour desk');
    expect(confirm().disabled).toBe(false);
  });
  it('acts once, however often it is pressed, and then closes', async () => {
    let finish: () => void = () => undefined;
    const onconfirm = vi.fn(() => new Promise<void>((done) => { finish = done; }));
    const { input, form } = await ask(onconfirm);
    type(input, 'Harbour desk');
    submit(form);
    submit(form);
    finish();
    await vi.waitFor(() => expect(document.querySelector('form')).toBeNull());
    expect(onconfirm).toHaveBeenCalledOnce();
  });
  it('stays open when it was refused', async () => {
    const { input, form, confirm } = await ask(async () => false);
    type(input, 'Harbour desk');
    submit(form);
    await vi.waitFor(() => expect(confirm().getAttribute('aria-busy')).toBeNull());
    expect(input.value).toBe('Harbour desk');
  });
});

describe('a text to copy', () => {
  const copied = async (writeText: (text: string) => Promise<void>) => {
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const part = show(CopyText, { text: 'abc-123', label: 'id' });
    one<HTMLButtonElement>(part, 'button').click();
    await vi.waitFor(() => expect(one(part, '[role=status]').textContent).not.toBe(''));
    vi.unstubAllGlobals();
    return one(part, '[role=status]').textContent;
  };
  it('is copied whole and says so', async () => {
    const write = vi.fn(async () => undefined);
    expect(await copied(write)).toBe('Copied');
    expect(write).toHaveBeenCalledWith('abc-123');
  });
  it('says when it could not be copied', async () => {
    expect(await copied(() => Promise.reject(new Error('no')))).toBe('Could not copy');
  });
});

it('an unknown fact is a dash to the eye and a word to the ear', () => {
  const value = one(show(Facts, { items: [{ label: 'Node', value: null }] }), 'dd');
  expect(value.querySelector('[aria-hidden]')?.textContent).toBe('–');
  expect(value.querySelector('.visually-hidden')?.textContent).toBe('unknown');
});

it('a timeline names the step under way', () => {
  const steps: ComponentProps<typeof Timeline>['steps'] = [{ label: 'Accepted', note: '', state: 'done' }, { label: 'Installing', note: '31 s', state: 'now' }, { label: 'Ready', note: '', state: 'todo' }];
  expect(one(show(Timeline, { steps }), '[aria-current=step]').textContent).toContain('Installing: under way');
});

it('keys have the names on the keyboard', () => {
  expect([keyNames('mod+k'), keyNames('g f'), keyNames('?'), keyNames('arrowdown')]).toEqual([['Ctrl', 'K'], ['G', 'F'], ['?'], ['↓']]);
});
