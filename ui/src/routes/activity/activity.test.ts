import { describe, expect, it } from 'vitest';
import type { LedgerLine } from '$lib/ipc/bindings';
import { filterAddress, NO_FILTER, queryOf, readFilter } from './ledgerAddress';
import { actWords, detailOf, targetAddress, targetName } from './words';

const line = (change: Partial<LedgerLine> = {}): LedgerLine => ({ seq: 1, at: '', profile: 'p', profileName: 'P', act: 'chat', target: 'i/1', targetName: 'Kiln', outcome: 'done', detail: '{}', previous: '', hash: '', ...change });

describe('a filter and its address', () => {
  it('are the same in both directions', () => {
    const filter = { text: 'kiln & co', act: 'chat', profile: 'p', outcome: 'failed', span: 'week', target: 'i/1' } as const;
    expect(readFilter(new URL(filterAddress(filter), 'tauri://localhost').searchParams)).toEqual(filter);
    expect(filterAddress(NO_FILTER)).toBe('/activity');
  });
  it('of nonsense are no filter', () => expect(readFilter(new URLSearchParams('outcome=x&span=constructor'))).toEqual(NO_FILTER));
  it('ask for a span back from now', () => expect(queryOf({ ...NO_FILTER, span: 'hour' }, Date.parse('2026-11-25T01:00:00Z')).from).toBe('2026-11-25T00:00:00.000Z'));
});

describe('a line in words', () => {
  it('calls an act that is new by its name, and nothing inherited', () => {
    expect([actWords('apply_updates'), actWords('paint_it_red'), actWords('constructor')]).toEqual(['Applied updates', 'paint it red', 'constructor']);
  });
  it('leads to its instance or deploy, and nowhere from another profile', () => {
    expect(targetAddress(line(), 'p')).toBe('/instances/i%2F1');
    expect(targetAddress(line({ act: 'create_instance', target: 'k' }), 'p')).toBe('/deploys/k');
    expect(targetAddress(line(), 'q')).toBeNull();
    expect(targetAddress(line({ target: '*' }), 'p')).toBeNull();
  });
  it('shows what hides in a name', () => expect(targetName(line({ targetName: 'a\u202eb' }))).toBe('a⟨U+202E⟩b'));
  it('says why, and keeps what is no object', () => {
    expect(detailOf(line({ detail: '{"reason":"appEnded","purpose":"x"}' }))).toEqual({ reason: 'Nineheads ended before the outcome was known', rest: '{"purpose":"x"}' });
    expect(detailOf(line({ detail: '{"reason":"serverFailed 500"}' })).reason).toBe('serverFailed 500');
    expect(detailOf(line({ detail: 'broken {' }))).toEqual({ reason: null, rest: 'broken {' });
  });
});
