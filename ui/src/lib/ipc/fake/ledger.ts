/** A believable past in memory. `?fake=one` has a broken chain, `empty` has no line. */
import type { LedgerLine, LedgerOutcome, LedgerVerdict } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';
import { chance } from './random';
import { makeWorld } from './world';

type Kept = Pick<Ipc, 'showLedger' | 'getLedgerVerdict' | 'verifyLedger' | 'exportLedger'>;

const ACTS: [act: string, detail: Record<string, unknown>, outcome?: LedgerOutcome][] = [
  ['chat', { characters: 48 }], ['update_config', { changes: 2, sends: 'changes' }], ['list_conversations', { limit: 100 }], ['get_conversation', { conversation: 'telegram:118' }],
  ['grant_consent', { purpose: 'support request 17' }], ['apply_updates', {}], ['rotate_agent_key', { reason: 'notAllowed' }, 'failed'], ['create_instance', { region: 'eu-central', tier: 'starter' }],
  ['delete_instance', { reason: 'mayHaveArrived' }, 'unknown'], ['patch_platform_config', { fields: ['skills'] }], ['update_model_policy', { keys: ['primary'] }], ['sign_in', { address: 'https://api.northwind.example', credential: 'apiKey' }],
];

export function fakeLedger(core: FakeCore): Kept {
  const roll = chance(99);
  const hash = () => Array.from({ length: 64 }, () => Math.floor(roll() * 16).toString(16)).join('');
  const world = makeWorld(12, 11, Date.now(), null).map(({ summary }) => summary);
  const count = world.length > 0 && core.window({ text: '', phases: [], sort: 'name', descending: false, group: null }, 0, 1).facts.total === 0 ? 0 : 240;
  let previous = '';
  const lines: LedgerLine[] = Array.from({ length: count }, (_, index) => {
    const [act, detail, outcome] = ACTS[(index * 7) % ACTS.length] ?? ['chat', {}];
    const about = world[index % world.length];
    const own = hash();
    const signing = act === 'sign_in';
    const line: LedgerLine = {
      seq: index + 1, at: new Date(Date.now() - (count - index) * 2_700_000).toISOString(), profile: 'northwind', profileName: 'Northwind support', act,
      target: signing ? 'northwind' : (about?.id ?? ''), targetName: signing ? 'Northwind support' : (about?.agent_name ?? ''), outcome: outcome ?? 'done', detail: JSON.stringify(detail), previous, hash: own,
    };
    previous = own;
    return line;
  });
  let verdict: LedgerVerdict | null = null;
  const fits = (line: LedgerLine, words: string) => `${line.seq} ${line.act} ${line.target} ${line.targetName} ${line.profileName} ${line.detail} ${line.hash}`.toLowerCase().includes(words.toLowerCase());
  return {
    showLedger: (query, offset, limit) => core.answer(() => {
      const matched = lines.toReversed().filter((line) =>
        (query.acts.length === 0 || query.acts.includes(line.act)) && (query.outcomes.length === 0 || query.outcomes.includes(line.outcome))
        && (query.profile === null || query.profile === line.profile) && (query.target === null || query.target === line.target)
        && (query.from === null || line.at >= query.from) && (query.until === null || line.at < query.until) && (query.text === '' || fits(line, query.text)));
      return {
        lines: matched.slice(offset, offset + limit), matched: matched.length, total: lines.length, acts: [...new Set(lines.map(({ act }) => act))].sort(),
        profiles: lines.length > 0 ? [{ id: 'northwind', name: 'Northwind support' }, { id: 'this-computer', name: 'This computer' }] : [],
      };
    }),
    getLedgerVerdict: () => core.answer(() => verdict),
    verifyLedger: () => core.answer(() => {
      const broken = core.window({ text: '', phases: [], sort: 'name', descending: false, group: null }, 0, 1).facts.total === 1;
      verdict = { at: new Date().toISOString(), lines: lines.length, newest: lines.at(-1)?.hash ?? null, problem: broken ? { fault: 'altered', seq: 233 } : null, seal: lines.length > 0 ? 'keystore' : 'none' };
      return verdict;
    }),
    exportLedger: () => core.answer(() => true),
  };
}
