/**
 * Believable logs: short ones that go on growing while somebody looks, one of a million lines ("Ledger night shift"), with
 * colours, gaps, long and hostile lines. What the core does (filter, merge, cut a window) is done as it does it.
 */
import type { HistoryEntry, LogCount, LogLine, LogQuery, LogRow, LogWindow } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const MILLION = 1_000_000;
const WINDOW = 500;
const ESC = '\u001b';
/** What an agent writes while it lives. */
const CHATTER: [level: string, stage: string, message: string][] = [
  ['info', 'agent', 'heartbeat sent, 3 sessions open'],
  ['info', 'channel', `${ESC}[36m[telegram]${ESC}[0m 2 messages received, 2 answered in 1.4 s`],
  ['debug', 'model', 'anthropic/claude-sonnet 4,212 tokens in, 318 out, cache 91 %'],
  ['info', 'cron', '[cron] job daily-brief finished in 8.2 s'],
  ['warning', 'model', `${ESC}[33m429 rate_limit_error${ESC}[0m: Number of request tokens has exceeded your per-minute rate limit; trying again in 12 s`],
  ['info', 'skills', 'calendar: next event in 40 min'],
  ['error', 'channel', `${ESC}[1;31mError${ESC}[0m: getaddrinfo EAI_AGAIN api.telegram.org`],
  ['info', 'agent', `session main compacted: ${'18 messages became a summary of 412 tokens; '.repeat(9)}done`],
  ['debug', 'agent', 'two lines in one:\n  at Gateway.tick (gateway.js:88)\n  at process.processTicksAndRejections'],
  ['info', 'mail', `a name that hides its end: \u202egpj.exe and a link ${ESC}]8;;https://evil.example${ESC}\\click me${ESC}]8;;${ESC}\\`],
];

interface FakeLog { total: number; line: (index: number) => LogLine; changes: HistoryEntry[] }

function chatter(index: number, seq: number, at: number): LogLine {
  const [level, stage, message] = CHATTER[(index * 7 + Math.floor(index / 13)) % CHATTER.length] ?? ['info', 'agent', ''];
  return { seq, created_at: new Date(at).toISOString(), level, stage, message: `${message}${index % 5 === 0 ? ` (#${index})` : ''}` };
}

function makeLog(core: FakeCore, id: string): FakeLog {
  const base = core.logs(id, 0).lines;
  const { summary } = core.instance(id);
  const last = Date.parse(base.at(-1)?.created_at ?? '') || Date.now() - 3_600_000;
  const change = (at: number, kind: HistoryEntry['kind'], from: string | null, to: string | null, detail: string | null = null, number = 1): HistoryEntry => ({ id: number, at: new Date(at).toISOString(), kind, from, to, detail });
  if (summary?.agent_name === 'Ledger night shift') {
    const start = Date.now() - MILLION * 4_000;
    return {
      total: MILLION,
      // Every 5,000 lines, 37 numbers are missing.
      line: (index) => chatter(index, index + 1 + Math.floor(index / 5_000) * 37, start + index * 4_000),
      changes: [change(start + 40_000 * 4_000, 'status', 'provisioning', 'running'), change(Date.now() - 90_000, 'act', null, 'update_config', 'done', 2)],
    };
  }
  const lines = [...base];
  if (summary?.status === 'running') for (let index = 0; index < 220; index += 1) lines.push(chatter(index, lines.length + 1 + (index > 160 ? 37 : 0), Date.now() - (222 - index) * 9_000));
  const log: FakeLog = {
    total: lines.length,
    line: (index) => lines[index] ?? chatter(index, index + 38, Date.now()),
    changes: base.length > 0 && summary?.status === 'running' ? [change(last + 1_000, 'status', 'provisioning', 'running'), change(Date.now() - 400_000, 'act', null, 'apply_updates', 'done', 2)] : [],
  };
  return log;
}

function countsOf(lines: Iterable<LogLine>, field: 'level' | 'stage'): LogCount[] {
  const counts = new Map<string, number>();
  for (const line of lines) if (line[field] !== null) counts.set(line[field], (counts.get(line[field]) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => a.name.localeCompare(b.name));
}

/** The rows that match: places of lines, and changes between them. */
function matching(log: FakeLog, query: LogQuery): { entries: (number | HistoryEntry)[]; problem: string | null } {
  let pattern: RegExp | null = null;
  try {
    if (query.regex && query.text !== '') pattern = new RegExp(query.text, 'i');
  } catch (error) {
    return { entries: [], problem: `regex parse error: ${String(error)}` };
  }
  const wanted = query.text.toLowerCase();
  const changes = query.withChanges && query.text === '' ? [...log.changes] : [];
  const entries: (number | HistoryEntry)[] = [];
  for (let index = 0; index < log.total; index += 1) {
    const line = log.line(index);
    while (changes[0] && changes[0].at < (line.created_at ?? '')) entries.push(changes.shift() as HistoryEntry);
    if (query.levels.length > 0 && !query.levels.includes(line.level ?? '')) continue;
    if (query.stages.length > 0 && !query.stages.includes(line.stage ?? '')) continue;
    const message = line.message ?? '';
    if (pattern ? pattern.test(message) : message.toLowerCase().includes(wanted)) entries.push(index);
  }
  return { entries: [...entries, ...changes], problem: null };
}

export function fakeLogs(core: FakeCore): Pick<Ipc, 'watchLogs' | 'unwatchLogs' | 'showLogs' | 'findLogTime' | 'exportLogs'> {
  const logs = new Map<string, FakeLog>();
  const asked = new Map<string, ReturnType<typeof matching>>();
  const counted = new Map<string, Pick<LogWindow, 'levels' | 'stages'>>();
  const timers = new Map<string, ReturnType<typeof setInterval>>();

  const logOf = (id: string): FakeLog => {
    const log = logs.get(id) ?? makeLog(core, id);
    logs.set(id, log);
    return log;
  };
  const ask = (id: string, query: LogQuery) => {
    const log = logOf(id);
    const key = JSON.stringify([id, log.total, query]);
    const answer = asked.get(key) ?? matching(log, query);
    asked.clear();
    asked.set(key, answer);
    return { log, ...answer };
  };
  const facets = (id: string, log: FakeLog) => {
    const key = `${id} ${Math.min(log.total, MILLION)}`;
    const known = counted.get(key) ?? (() => {
      const lines = Array.from({ length: Math.min(log.total, 20_000) }, (_, index) => log.line(index));
      return { levels: countsOf(lines, 'level'), stages: countsOf(lines, 'stage') };
    })();
    counted.set(key, known);
    return known;
  };

  return {
    watchLogs: (id) => core.answer(() => {
      if (core.pace === 0 || timers.has(id) || core.trouble || core.instance(id).summary?.status !== 'running') return;
      timers.set(id, setInterval(() => {
        const log = logOf(id);
        log.total += 1 + Math.floor(Math.random() * 3);
        core.announce({ type: 'logsChanged', id, total: log.total });
      }, 2_500));
    }),
    unwatchLogs: (id) => core.answer(() => {
      clearInterval(timers.get(id));
      timers.delete(id);
    }),
    showLogs: (id, query, offset, limit) => core.answer((): LogWindow => {
      const { log, entries, problem } = ask(id, query);
      const filtered = query.text !== '' || query.levels.length + query.stages.length > 0;
      const rows = entries.slice(offset, offset + Math.min(limit, WINDOW)).map((entry, at): LogRow => {
        const index = offset + at;
        if (typeof entry !== 'number') return { index, line: null, change: entry, gapBefore: 0 };
        const line = log.line(entry);
        const before = entry > 0 ? log.line(entry - 1).seq : null;
        return { index, line, change: null, gapBefore: filtered || before === null || line.seq === null ? 0 : line.seq - before - 1 };
      });
      return { total: log.total, matched: entries.length, offset, rows, ...facets(id, log), seenAt: core.poller.lastAnswerAt, failure: core.refusal(), patternProblem: problem };
    }),
    findLogTime: (id, query, at) => core.answer(() => {
      const { log, entries } = ask(id, query);
      const time = (entry: number | HistoryEntry) => (typeof entry === 'number' ? log.line(entry).created_at ?? '' : entry.at);
      const found = entries.findIndex((entry) => time(entry) >= at);
      return found < 0 ? entries.length : found;
    }),
    exportLogs: () => core.answer(() => true),
  };
}
