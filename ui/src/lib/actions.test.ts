import { describe, expect, it, vi } from 'vitest';
import { frameActions, groupTitle, type Action, type FrameActs } from './actions';
import { Actions } from './stores/actions.svelte';

const acts = (change: Partial<FrameActs> = {}): FrameActs => ({
  go: vi.fn(), openPalette: vi.fn(), openShortcuts: vi.fn(), lookNow: vi.fn(), setTheme: vi.fn(), lock: vi.fn(), findInstances: vi.fn(), copyId: vi.fn(), otherProfiles: () => [], openProfile: vi.fn(), connected: () => true, mayLook: () => true, ...change,
});
const action = (id: string, keys: string[], run = vi.fn()): Action => ({ id, title: id, group: 'screen', keys, run });

let time = 0;
/** A key press as the document gets it; each a tenth of a second after the one before. */
function press(actions: Actions, key: string, init: KeyboardEventInit & { later?: number; on?: Element } = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  time += init.later ?? 100;
  Object.defineProperty(event, 'timeStamp', { value: time });
  let did = false;
  const target = init.on ?? document.body;
  if (init.on) document.body.append(init.on);
  target.addEventListener('keydown', () => (did = actions.press(event)), { once: true });
  target.dispatchEvent(event);
  init.on?.remove();
  return did;
}
const withAll = (...all: Action[]) => {
  const actions = new Actions();
  actions.add(() => all);
  return actions;
};

describe('the table', () => {
  const table = frameActions(acts());
  it('names every act once', () => expect(new Set(table.map(({ id }) => id)).size).toBe(table.length));
  it('gives no two acts the same keys', () => {
    const keys = table.flatMap((entry) => entry.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('offers no look where none can help', () => {
    const actions = new Actions();
    actions.add(() => frameActions(acts({ mayLook: () => false })));
    expect(actions.all.map(({ id }) => id)).not.toContain('look-now');
    expect(actions.all.map(({ id }) => id)).toContain('go-fleet');
  });
  it('leads nowhere without a platform but to the settings and to connect one', () => {
    const actions = new Actions();
    actions.add(() => frameActions(acts({ connected: () => false })));
    expect(actions.all.filter(({ group }) => group === 'go' || group === 'act').map(({ id }) => id)).toEqual(['go-settings', 'connect']);
  });
  it('has a heading for each group', () => expect(table.every(({ group }) => groupTitle(group).length > 1)).toBe(true));
});

describe('a key', () => {
  it('does what the table says', () => {
    const open = vi.fn();
    expect(press(withAll(action('sheet', ['?'], open)), '?', { shiftKey: true })).toBe(true);
    expect(open).toHaveBeenCalledOnce();
  });
  it('after another one means both together', () => {
    const go = vi.fn();
    const actions = withAll(action('fleet', ['g f'], go));
    expect([press(actions, 'g'), press(actions, 'f')]).toEqual([false, true]);
    expect(go).toHaveBeenCalledOnce();
  });
  it('long after another one stands alone', () => {
    const actions = withAll(action('fleet', ['g f']), action('find', ['f']));
    press(actions, 'g');
    expect(press(actions, 'f', { later: 5_000 })).toBe(true);
    expect(actions.all[0]?.run).not.toHaveBeenCalled();
    expect(actions.all[1]?.run).toHaveBeenCalledOnce();
  });
  it('belongs to the field that is typed in', () => {
    expect(press(withAll(action('new', ['n'])), 'n', { on: document.createElement('input') })).toBe(false);
  });
  it('with Ctrl works in a field, too', () => {
    expect(press(withAll(action('palette', ['mod+k'])), 'k', { ctrlKey: true, on: document.createElement('textarea') })).toBe(true);
  });
  it('such as Enter belongs to the button that has the focus', () => {
    expect(press(withAll(action('open', ['enter'])), 'Enter', { on: document.createElement('button') })).toBe(false);
  });
  it('belongs to an open dialog', () => {
    const dialog = document.createElement('div');
    dialog.setAttribute('role', 'dialog');
    document.body.append(dialog);
    expect(press(withAll(action('new', ['n'])), 'n')).toBe(false);
    dialog.dataset.state = 'closed';
    expect(press(withAll(action('new', ['n'])), 'n'), 'one that is on its way out').toBe(true);
    dialog.remove();
  });
  it('means the screen’s act before the frame’s, and the frame’s again when the screen is left', () => {
    const actions = withAll(action('frame', ['r']));
    const screen = vi.fn();
    const leave = actions.add(() => [action('screen', ['r'], screen)]);
    press(actions, 'r');
    expect(screen).toHaveBeenCalledOnce();
    leave();
    press(actions, 'r');
    expect(actions.all[0]?.run).toHaveBeenCalledOnce();
  });
  it('does nothing when its act can not be done now', () => {
    expect(press(withAll({ ...action('send', ['s']), when: () => false }), 's')).toBe(false);
  });
});
