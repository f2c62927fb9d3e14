import settingsPage from '../../routes/settings/+page.svelte?raw';
import agentsCard from '../../routes/settings/LocalAgentsCard.svelte?raw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frameActions, type FrameActs } from '../actions';
import type { FoundInstance } from '../ipc/bindings';
import { Actions } from '../stores/actions.svelte';
import { Palette } from '../stores/palette.svelte';
import { closeness, findFuzzy, marked } from './fuzzy';
import type { PaletteItem } from './item';
import { readLink } from './link';
import { withChosen } from './recent';
import { SETTINGS } from './settings';
import { actionSource, instanceSource, linkSource, settingSource } from './sources';

const item = (title: string, more: Partial<PaletteItem> = {}): PaletteItem => ({ id: title, title, ...more });
const titles = (items: readonly PaletteItem[]) => items.map(({ title }) => title);
const hits = (of: string, text: string) => marked(of, text).filter(({ hit }) => hit).map((piece) => piece.text);

describe('finding', () => {
  const all = ['Go to the fleet', 'Go to settings', 'Open logs of…', 'Deploy a new instance', 'Look now', 'Show keyboard shortcuts'].map((title) => item(title));

  it('takes words in any order and letters from the beginning of a word', () => {
    expect(titles(findFuzzy(all, 'logs open'))).toEqual(['Open logs of…']);
    expect(titles(findFuzzy(all, 'gtf'))[0]).toBe('Go to the fleet');
    expect(titles(findFuzzy(all, 'stngs'))[0]).toBe('Go to settings');
    expect(findFuzzy(all, 'zebra')).toEqual([]);
  });
  it('puts what begins so before what only has it', () => {
    expect(titles(findFuzzy([item('A deploy of old'), item('Deploy'), item('Redeployed'), item('Deploy a new instance')], 'deploy'))).toEqual(['Deploy', 'Deploy a new instance', 'A deploy of old', 'Redeployed']);
  });
  it('puts what was used lately first among equally near ones alone', () => {
    const both = [item('Open logs of…'), item('Open chat of…'), item('Reopen')];
    expect(titles(findFuzzy(both, 'open', ['Open chat of…', 'Reopen']))).toEqual(['Open chat of…', 'Open logs of…', 'Reopen']);
  });
  it('finds by further words, which are not shown', () => {
    expect(titles(findFuzzy([item('Appearance', { words: 'theme dark light' }), item('Security')], 'dark'))).toEqual(['Appearance']);
  });
  it('survives signs, brackets and a whole novel', () => {
    for (const text of ['(', '[a-', '\\', '***', '-', '"', '日本', 'x'.repeat(100_000)]) expect(Array.isArray(findFuzzy(all, text))).toBe(true);
  });
  it('knows how near a text is', () => {
    expect(['fleet', 'Fleet view', 'The fleet', 'afleet', 'f l e e t'].map((of) => closeness('fleet', of))).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('marks', () => {
  it('lie on what was typed, word by word', () => {
    expect(hits('Go to the fleet', 'fleet go')).toEqual(['Go', 'fleet']);
    expect(hits('Go to the fleet', 'xyz')).toEqual([]);
  });
  it('lie on single letters where they are scattered', () => expect(hits('Go to the fleet', 'gtf').join('')).toBe('Gtf'));
  it('lose nothing of the text, of any script', () => {
    for (const of of ['İstanbul 日本の庭', 'a👩‍🚀b', '']) expect(marked(of, 'i a 庭').map((piece) => piece.text).join('')).toBe(of);
    expect(hits('日本の庭', '庭')).toEqual(['庭']);
  });
});

describe('a pasted link', () => {
  it('leads to a screen of this app', () => {
    expect(readLink(' nineheads://instances/4d2f/logs?q=a#x ')).toEqual({ kind: 'screen', address: '/instances/4d2f/logs?q=a#x', instance: '4d2f' });
    expect(readLink('nineheads://instances?q=eu-*&phase=failed')).toEqual({ kind: 'screen', address: '/instances?q=eu-*&phase=failed', instance: null });
    expect(readLink('nineheads://view?q=tag%3Avip')).toMatchObject({ address: '/instances?q=tag%3Avip' });
    expect(readLink('/settings#storage')).toMatchObject({ address: '/settings#storage' });
  });
  it('that leads anywhere else is unknown', () => {
    for (const bad of ['nineheads://', 'nineheads://nowhere', 'nineheads:///instances', 'nineheads:////evil.example/x', 'nineheads://user@instances/a', 'nineheads://instances:80/a', 'nineheads://instances/../welcome', 'nineheads://instances/a/b/c', 'nineheads://instances/\u202ea', `nineheads://instances/${'a'.repeat(9000)}`, 'nineheads://instances/%zz']) {
      expect(readLink(bad), bad).toEqual({ kind: 'unknown' });
    }
  });
  it('of another kind is just a text', () => {
    for (const text of ['https://example.com/instances', 'javascript:alert(1)', '//evil.example', '/nowhere', 'instances', '']) expect(readLink(text), text).toEqual({ kind: 'none' });
  });
});

it('what was chosen goes first, once, and what passes is not kept', () => {
  expect(withChosen(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
  expect(withChosen(['a'], 'passing:link')).toEqual(['a']);
  expect(withChosen(Array.from({ length: 40 }, (_, at) => String(at)), 'x')).toHaveLength(12);
});

it('every section of the settings has its place on the screen, and every place has a name', () => {
  const places = [...`${settingsPage}${agentsCard}`.matchAll(/<Anchor id="(\w+)"/g)].map(([, id]) => id).sort();
  expect(places).toEqual(SETTINGS.map(({ anchor }) => anchor).sort());
  const bare = settingsPage.split('\n').filter((line, at, lines) => /^\s+(\{.*\})?<(Card|\w+Card|SupportBundle)\b/.test(line) && !line.includes('LocalAgentsCard') && !lines[at - 1]?.includes('<Anchor'));
  expect(bare, 'a card that no name leads to').toEqual([]);
});

const river: FoundInstance = { id: '4d2f8c1e-aaaa', name: 'River', host: 'vps-7', status: 'running', exact: false };
const riverside: FoundInstance = { id: '99', name: 'Riverside', host: 'vps-70', status: 'failed', exact: false };

describe('the palette', () => {
  let acts: FrameActs;
  let palette: Palette;
  let recent: string[];
  let find: ReturnType<typeof vi.fn<(text: string, limit: number) => Promise<FoundInstance[]>>>;

  beforeEach(() => {
    recent = [];
    find = vi.fn((text: string) => Promise.resolve([river, riverside].filter(({ name, id, host }) => [name?.toLowerCase(), id, host].some((field) => field?.includes(text.toLowerCase())))));
    const other = { id: 'acme', kind: 'platform', name: 'Acme', baseUrl: 'https://acme.example' } as ReturnType<FrameActs['otherProfiles']>[number];
    acts = {
      go: vi.fn(), openPalette: vi.fn(), openShortcuts: vi.fn(), lookNow: vi.fn(), setTheme: vi.fn(), lock: vi.fn(), findInstances: find,
      copyId: vi.fn(), otherProfiles: () => [other], openProfile: vi.fn(), connected: () => true, mayLook: () => true,
    };
    const actions = new Actions();
    actions.add(() => frameActions(acts));
    const list = () => recent;
    palette = new Palette([
      linkSource(find, acts.go),
      actionSource(() => actions.all, (id) => (id === 'deploy' ? { allowed: false, why: 'readOnly' } : { allowed: true }), list),
      instanceSource(find, acts.connected, acts.go),
      settingSource(() => ({ profile: true, here: false, access: false }), acts.go, list),
    ], { list, keep: (next) => (recent = next) });
    palette.show();
  });
  afterEach(() => palette.close());

  const type = async (text: string) => {
    palette.type(text);
    await palette.settled();
  };
  const choose = async (title: string) => {
    await palette.settled();
    const found = palette.items.find((one) => one.title === title);
    expect(found, `${title} among ${titles(palette.items).join(', ')}`).toBeDefined();
    return palette.take(found ?? null)?.();
  };
  const groups = () => palette.groups.filter(({ items }) => items.length > 0).map(({ title }) => title);

  it('begins with what can be done, and shows the newest choices first the next time', async () => {
    await palette.settled();
    expect(groups()).toEqual(['Act', 'Go', 'General', 'Settings']);
    await choose('Go to usage');
    expect(acts.go).toHaveBeenCalledWith('/usage');
    expect(palette.open).toBe(false);
    palette.show();
    await choose('Data on this computer');
    palette.show();
    await palette.settled();
    expect(palette.groups[0]).toMatchObject({ title: 'Recent' });
    expect(titles(palette.groups[0]?.items ?? [])).toEqual(['Data on this computer', 'Go to usage']);
    expect(titles(palette.items).filter((title) => title === 'Go to usage')).toHaveLength(1);
  });
  it('finds instances beside actions, and the group with the nearest leads', async () => {
    await type('river');
    expect(groups()[0]).toBe('Instances');
    await palette.take(palette.chosen)?.();
    expect(acts.go).toHaveBeenCalledWith('/instances/4d2f8c1e-aaaa');
    palette.show();
    await palette.settled();
    expect(titles(palette.groups[0]?.items ?? [])).toEqual(['River']);
    await type('go to');
    expect(groups()[0]).toBe('Actions');
  });
  it('shows the id where that is what was typed', async () => {
    await type('4d2f8');
    expect(palette.chosen).toMatchObject({ title: 'River', note: '4d2f8c1e-aaaa' });
  });
  it('asks for one more thing, goes back, and remembers the action', async () => {
    await type('logs of');
    expect(palette.take(palette.chosen)).toBeNull();
    expect(palette.open).toBe(true);
    expect(palette.step).toMatchObject({ title: 'Open logs of' });
    await palette.settled();
    expect(titles(palette.items)).toEqual(['River', 'Riverside']);
    expect(palette.back()).toBe(true);
    expect(palette.back()).toBe(false);
    await type('logs of');
    palette.take(palette.chosen);
    await type('riverside');
    await palette.take(palette.chosen)?.();
    expect(acts.go).toHaveBeenCalledWith('/instances/99/logs');
    expect(recent).toEqual(['open-logs']);
  });
  it('offers the few choices of an action by name', async () => {
    await type('dark');
    await choose('Change theme: Dark');
    expect(acts.setTheme).toHaveBeenCalledWith('dark');
    palette.show();
    await type('acme');
    await choose('Switch profile: Acme');
    expect(acts.openProfile).toHaveBeenCalledOnce();
    expect(recent).toEqual(['switch-profile', 'theme']);
  });
  it('does not do what the key may not do', async () => {
    await type('deploy a new');
    expect(palette.chosen).toMatchObject({ id: 'deploy', may: { allowed: false } });
    expect(palette.take(palette.chosen)).toBeNull();
    expect(palette.open).toBe(true);
    expect(acts.go).not.toHaveBeenCalled();
  });
  it('offers a pasted link, says when it is unknown, and follows neither by itself', async () => {
    await type('nineheads://instances/4d2f8c1e-aaaa/chat');
    expect(titles(palette.items)).toEqual(['Open /instances/4d2f8c1e-aaaa/chat']);
    expect(palette.chosen?.note).toBe('');
    await type('nineheads://instances/gone');
    expect(palette.chosen?.note).toBe('Not in this fleet’s list');
    await type('nineheads://https://evil.example');
    expect(palette.chosen).toMatchObject({ silent: true });
    expect(palette.take(palette.chosen)).toBeNull();
    expect(acts.go).not.toHaveBeenCalled();
  });
  it('still has its actions when the fleet can not be searched', async () => {
    find.mockRejectedValue(new Error('offline'));
    await type('usage');
    expect(palette.failed).toBe(true);
    expect(titles(palette.items)).toContain('Go to usage');
  });
  it('leads with a setting that has the word before an instance that has its letters', async () => {
    find.mockResolvedValue([{ ...river, name: 'Dusty inksmith', host: null }]);
    await type('disk');
    expect(palette.chosen?.title).toBe('Data on this computer');
    expect(titles(palette.items)).toContain('Dusty inksmith');
  });
  it('waits for nobody to show the actions', async () => {
    recent = ['instance:slow', 'go-usage'];
    find.mockImplementation(() => new Promise(() => undefined));
    palette.show();
    await vi.waitFor(() => expect(titles(palette.items)).toContain('Look now'));
  });
  it('drops answers to what was typed before', async () => {
    let answerOld: (found: FoundInstance[]) => void = () => undefined;
    find.mockImplementationOnce(() => new Promise((done) => (answerOld = done)));
    palette.type('riverside');
    const old = palette.settled();
    await type('river');
    answerOld([{ ...river, id: 'old', name: 'Old' }]);
    await old;
    expect(titles(palette.items)).not.toContain('Old');
  });
  it('keeps what was pointed at when a late answer moves it', async () => {
    let late: (found: FoundInstance[]) => void = () => undefined;
    find.mockImplementationOnce(() => new Promise((done) => (late = done)));
    palette.type('usage');
    await vi.waitFor(() => expect(titles(palette.items)).toContain('Go to usage'));
    palette.move(1);
    const pointed = palette.chosen?.id;
    late([{ ...river, name: 'usage', exact: true }]);
    await palette.settled();
    expect(titles(palette.items)[0]).toBe('usage');
    expect(palette.chosen?.id).toBe(pointed);
  });
});
