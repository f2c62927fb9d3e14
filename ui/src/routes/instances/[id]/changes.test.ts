import { expect, it } from 'vitest';
import type { HistoryEntry } from '$lib/ipc/bindings';
import { changeText, changeWords } from './changes';

const entry = (more: Partial<HistoryEntry>): HistoryEntry => ({ id: 1, at: '2026-11-24T14:02:11Z', kind: 'status', from: null, to: null, detail: null, ...more });

it('says from what to what', () => {
  expect(changeText(entry({ from: 'provisioning', to: 'running' }))).toBe('Status · provisioning → running');
  expect(changeText(entry({ kind: 'version', from: '2026.9.4', to: '2026.9.6' }))).toBe('Version · 2026.9.4 → 2026.9.6');
  expect(changeText(entry({ to: 'running' }))).toBe('Status · running');
});

it('names own acts by what they do, and how they ended', () => {
  expect(changeText(entry({ kind: 'act', to: 'update_config', detail: 'done' }))).toBe('You: saved the configuration · done');
  expect(changeText(entry({ kind: 'act', to: 'grant_consent', detail: 'chat_history' }))).toBe('You: gave consent · chat_history');
  expect(changeText(entry({ kind: 'act', to: 'revoke_consent' }))).toBe('You: withdrew consent');
  expect(changeText(entry({ kind: 'act', to: 'hatch_egg' }))).toContain('hatch_egg');
  expect(changeWords(entry({ kind: 'act', to: '__proto__' })).own).toBe(true);
});

it('counts the places of a configuration that somebody else wrote', () => {
  expect(changeText(entry({ kind: 'config', detail: '3' }))).toBe('Configuration changed · in 3 places');
});

it('gives a tone where there is one to give', () => {
  expect(['running', 'failed', 'hibernating', null].map((to) => changeWords(entry({ to })).tone)).toEqual(['ok', 'bad', 'unknown', 'unknown']);
  expect(changeWords(entry({ kind: 'error', from: 'disk_full', to: null }))).toMatchObject({ tone: 'ok', from: 'disk_full' });
});

it('shows hostile values as text', () => {
  expect(changeText(entry({ to: '\u202egnp.exe' }))).toContain('⟨U+202E⟩');
});
