import { describe, expect, it } from 'vitest';
import { createFakeIpc } from '$lib/ipc/fake';
import { FilterDraft } from './filterDraft.svelte';

function open() {
  const told: string[] = [];
  const carets: number[] = [];
  const draft = new FilterDraft(createFakeIpc({ latencyMs: 0 }), (text) => told.push(text), (caret) => carets.push(caret));
  return { draft, told, carets };
}
const typed = async (text: string, caret = text.length) => {
  const opened = open();
  await opened.draft.edit(text, caret);
  return opened;
};

describe('what becomes a chip', () => {
  it('is a term about a field, once there is a space behind it and the caret', async () => {
    const { draft, told, carets } = await typed('desk status:failed ü');
    expect([draft.chips, draft.typed, draft.text]).toEqual([['status:failed'], 'desk ü', 'status:failed desk ü']);
    expect(told).toEqual(['desk status:failed ü', 'status:failed desk ü']);
    expect(carets).toEqual([6]);
  });
  it('is nothing while it is being typed', async () => {
    expect((await typed('status:failed')).draft.chips).toEqual([]);
    expect((await typed('status:failed x', 5)).draft.chips).toEqual([]);
  });
  it('is nothing while a text is being composed, and nobody is asked until it is there', async () => {
    const { draft, told } = open();
    await draft.edit('status:failed に', null);
    expect([draft.chips, draft.typed, told]).toEqual([[], 'status:failed に', []]);
    await draft.edit('status:failed 日本', 16);
    expect([draft.chips, draft.typed, told.at(-1)]).toEqual([['status:failed'], '日本', 'status:failed 日本']);
  });
  it('is everything about a field when the field is left', async () => {
    const { draft } = await typed('desk region:eu-* -status:failed');
    await draft.finish();
    expect([draft.chips, draft.typed]).toEqual([['region:eu-*', '-status:failed'], 'desk']);
  });
  it('is all that comes from an address, and no word', async () => {
    const { draft, told } = open();
    await draft.take('harbour status:failed');
    expect([draft.chips, draft.typed]).toEqual([['status:failed'], 'harbour']);
    await draft.take(draft.text);
    expect(told).toEqual(['status:failed harbour']);
  });
  it('is nothing that has a problem: it stays where it can be mended', async () => {
    const { draft } = await typed('status:failed regoin:eu ü ');
    expect([draft.chips, draft.typed]).toEqual([['status:failed'], 'regoin:eu ü ']);
    expect(draft.stretches).toEqual([{ text: 'regoin:', problem: true }, { text: 'eu ü ', problem: false }]);
  });
});

describe('a chip', () => {
  it('can be taken out', async () => {
    const { draft, told } = await typed('status:failed region:eu-* desk');
    draft.remove(0);
    expect([draft.text, told.at(-1)]).toEqual(['region:eu-* desk', 'region:eu-* desk']);
  });
  it('becomes text again behind what was typed', async () => {
    const { draft, carets } = await typed('status:failed desk');
    draft.open(0);
    expect([draft.chips, draft.typed, carets.at(-1)]).toEqual([[], 'desk status:failed', 18]);
  });
});

describe('an offer', () => {
  it('of a field waits for its value, and one of a value is finished', async () => {
    const { draft } = await typed('ü sta');
    const [field] = draft.offers;
    expect(field && draft.accept(field)).toEqual({ typed: 'ü status:', caret: 9 });
    await draft.edit('ü status:fai', 12);
    const [value] = draft.offers;
    expect(value && draft.accept(value)).toEqual({ typed: 'ü status:failed ', caret: 16 });
  });
  it('that answers an older text is not shown', async () => {
    const { draft } = open();
    const early = draft.edit('sta', 3);
    await draft.edit('zzz', 3);
    await early;
    expect(draft.offers).toEqual([]);
  });
});
