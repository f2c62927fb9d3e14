import { describe, expect, it, vi } from 'vitest';
import type { Event, LedgerLine, LedgerPage, LedgerQuery } from '$lib/ipc/bindings';
import { EVERYTHING, Ledger, PAGE } from './ledger.svelte';

const line = (seq: number): LedgerLine => ({ seq, at: '2026-11-25T01:00:00.000Z', profile: 'p', profileName: 'P', act: 'chat', target: 'i', targetName: 'Kiln', outcome: 'done', detail: '{}', previous: '', hash: `h${seq}` });

/** A ledger of so many lines, whose newest is the largest. */
function made(total: number) {
  let count = total;
  let announce: (event: Event) => void = () => undefined;
  const showLedger = vi.fn((query: LedgerQuery, offset: number, limit: number): Promise<LedgerPage> => {
    const all = Array.from({ length: count }, (_, index) => line(count - index)).filter(({ seq }) => query.text === '' || String(seq) === query.text);
    return Promise.resolve({ lines: all.slice(offset, offset + limit), matched: all.length, total: count, acts: ['chat'], profiles: [] });
  });
  const verdict = { at: '2026-11-25T01:00:00Z', lines: total, newest: null, problem: null, seal: 'file' as const };
  const ledger = new Ledger({ showLedger, getLedgerVerdict: () => Promise.resolve(null), verifyLedger: () => Promise.resolve(verdict), onEvent: (listener) => { announce = listener; return () => undefined; } });
  return { ledger, showLedger, grow: () => (count += 1), announce: () => announce({ type: 'sessionChanged' }) };
}

describe('the activity', () => {
  it('is read a page at a time, and no line is there twice although new ones came', async () => {
    const { ledger, grow } = made(250);
    await ledger.ask(EVERYTHING);
    expect(ledger.lines.length).toBe(PAGE);
    grow();
    await ledger.more();
    expect(new Set(ledger.lines.map(({ seq }) => seq)).size).toBe(ledger.lines.length);
    expect(ledger.lines.length).toBe(2 * PAGE - 1);
    await ledger.read();
    expect(ledger.lines[0]?.seq).toBe(251);
  });
  it('drops the answer to an older question', async () => {
    const { ledger, showLedger } = made(5);
    let late: (page: LedgerPage) => void = () => undefined;
    showLedger.mockImplementationOnce(() => new Promise((resolve) => { late = resolve; }));
    const first = ledger.ask({ ...EVERYTHING, text: '1' });
    await ledger.ask({ ...EVERYTHING, text: '3' });
    late({ lines: [line(1)], matched: 1, total: 5, acts: [], profiles: [] });
    await first;
    expect(ledger.lines.map(({ seq }) => seq)).toEqual([3]);
    expect(ledger.reading).toBe(false);
  });
  it('keeps what it has when a reading fails, and says why', async () => {
    const { ledger, showLedger } = made(5);
    await ledger.ask(EVERYTHING);
    showLedger.mockRejectedValueOnce({ code: { type: 'storage' }, detail: 'disk' });
    await ledger.read();
    expect([ledger.failure?.code.type, ledger.lines.length, ledger.reading]).toEqual(['storage', 5, false]);
  });
  it('is checked once by itself, and reads again when something was done', async () => {
    vi.useFakeTimers();
    const { ledger, showLedger, announce } = made(5);
    const end = ledger.follow();
    await vi.waitFor(() => expect(ledger.verdict?.lines).toBe(5));
    announce();
    announce();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(showLedger).toHaveBeenCalledTimes(1);
    end();
    announce();
    end();
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
  });
});
