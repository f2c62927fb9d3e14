/** Rows, search and paths of a JSON tree. */
import { describe, expect, it } from 'vitest';
import { excerpt, pieces, SHORT } from './excerpt';
import { pathOf, Tree } from './tree';

const value = { agents: { list: [{ id: 'main', model: 'Sonnet' }], 'odd key': null }, on: true };
const keys = (tree: Tree) => tree.rows().map((node) => node.key);

describe('the rows', () => {
  it('are the whole alone when nothing is open, and more for each level', () => {
    expect(keys(new Tree(value, 0))).toEqual([null]);
    expect(keys(new Tree(value, 1))).toEqual([null, 'agents', 'on']);
    expect(keys(new Tree(value, 9))).toEqual([null, 'agents', 'list', 0, 'id', 'model', 'odd key', 'on']);
  });
  it('know their place among their siblings', () => {
    const node = new Tree(value, 1).rows()[2];
    expect([node?.level, node?.index, node?.siblings]).toEqual([2, 1, 2]);
  });
  it('open and close one by one', () => {
    const tree = new Tree(value, 1);
    const [, agents] = tree.rows();
    if (!agents) throw new Error('no row');
    tree.setOpen(agents, true);
    expect(keys(tree)).toEqual([null, 'agents', 'list', 'odd key', 'on']);
    tree.setOpen(agents, false);
    expect(keys(tree)).toEqual([null, 'agents', 'on']);
  });
  it('of a value with nothing below it never open', () => {
    const tree = new Tree('text', 3);
    tree.setOpen(tree.root, true);
    expect([keys(tree), tree.isOpen(tree.root)]).toEqual([[null], false]);
  });
  it('stay open when a newer value of the document comes', () => {
    const tree = new Tree(value, 1);
    const [, agents, on] = tree.rows();
    if (!agents || !on) throw new Error('no row');
    tree.setOpen(agents, true);
    const newer = new Tree({ first: {}, agents: { list: [], more: { x: 1 } }, on: false }, 1, tree);
    expect(keys(newer)).toEqual([null, 'first', 'agents', 'list', 'more', 'on']);
    expect([newer.same(on)?.value, newer.same(agents)?.index]).toEqual([false, 1]);
    expect(new Tree({}, 1, tree).same(on)).toBeUndefined();
  });
  it('of a hundred thousand nodes are there quickly', () => {
    const tree = new Tree(Array.from({ length: 25_000 }, (_, id) => ({ id, name: `n${id}`, on: true })), 9);
    expect(tree.rows()).toHaveLength(100_001);
  });
});

describe('a search', () => {
  it('finds keys and values whatever their case, in order, and opens what leads to them', () => {
    const tree = new Tree(value, 0);
    expect(tree.search('SONNET').map(pathOf)).toEqual(['agents.list[0].model']);
    expect(keys(tree)).toContain('model');
    expect(tree.search('on').map(pathOf)).toEqual(['agents.list[0].model', 'on']);
    expect(tree.search('tru').map(pathOf)).toEqual(['on']);
  });
  it('leaves the tree as it was when it is over', () => {
    const tree = new Tree(value, 1);
    const before = keys(tree);
    tree.search('sonnet');
    tree.search('');
    expect(keys(tree)).toEqual(before);
  });
  it('finds nothing in the marks of JSON', () => expect(new Tree(value, 0).search('{')).toEqual([]));
});

it('a path is written as it would be in a program', () => {
  const tree = new Tree(value, 9);
  expect(tree.rows().map(pathOf)).toEqual(['', 'agents', 'agents.list', 'agents.list[0]', 'agents.list[0].id', 'agents.list[0].model', 'agents["odd key"]', 'on']);
});

describe('a long text', () => {
  const long = `${'a'.repeat(500)}needle${'b'.repeat(500)}`;
  it('is cut, around what is searched when that lies further on', () => {
    expect(excerpt(long, '')).toHaveLength(SHORT);
    expect(excerpt(long, 'Needle')).toContain('needle');
  });
  it('of several lines is one line', () => expect(excerpt('one\n  two', '')).toBe('one ⏎ two'));
});

describe('pieces', () => {
  it('join to the text again and mark every hit', () => {
    const found = pieces('On and on', 'ON');
    expect(found.map((piece) => piece.text).join('')).toBe('On and on');
    expect(found.filter((piece) => piece.hit).map((piece) => piece.text)).toEqual(['On', 'on']);
  });
  it('are one where letters change their length', () => expect(pieces('İstanbul', 'i')).toEqual([{ text: 'İstanbul', hit: false }]));
  it('are one without a query', () => expect(pieces('x', ' ')).toEqual([{ text: 'x', hit: false }]));
});
