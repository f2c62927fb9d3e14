/**
 * A believable server of configurations, with a core in front of it that merges, patches and keeps versions as the real one does.
 * Trouble on demand, by a word in what is edited: "meanwhile" (somebody else writes elsewhere before the plan), "contested" (at the
 * same place), "racing" (between plan and save), "lost" (nobody knows whether it arrived), "ignored" (read back otherwise).
 */
import { differences, applyEdits, type Difference } from '$lib/config/diff';
import { isMask } from '$lib/config/masks';
import { at, idOf, put, type Path } from '$lib/config/place';
import { NotJson, readJson } from '$lib/config/read';
import { child, isList, isObject, isSame, textOf, type Json } from '$lib/config/value';
import type { ConfigChange, ConfigChoice, ConfigConflict, ConfigDraft, ConfigObstacle, ConfigPlan, ConfigSaved, ConfigVersion, ConfigView, ConfigWrites, Failure } from '../bindings';
import type { Ipc } from '../ipc';
import { document as firstDocument, largeDocument } from './configDocument';
import type { FakeCore } from './core';

const MASK = '__OPENCLAW_REDACTED__';
const failed = (code: Failure['code'], detail = ''): Failure => ({ code, detail });

interface Kept { version: ConfigVersion; text: string }
interface Planned { id: string; wanted: Json; current: Json; sends: 'patch' | 'document'; troubles: string }
interface Server { document: Json; kept: Kept[]; plan: Planned | null; raced: boolean }

export interface FakeConfigOptions { writes?: 'merge' | 'replace'; large?: boolean }

type ConfigIpc = Pick<Ipc, 'openConfig' | 'renderConfig' | 'planConfig' | 'saveConfig' | 'listConfigVersions' | 'getConfigVersion' | 'compareConfigVersions' | 'getConfigSchema' | 'importConfigSchema'>;

/** In a browser `?config=replace` or `?config=large` asks for another server. */
function asked(): FakeConfigOptions {
  const word = typeof location === 'undefined' ? null : new URLSearchParams(location.search).get('config');
  return { writes: word === 'replace' ? 'replace' : 'merge', large: word === 'large' };
}

export function fakeConfig(core: FakeCore, options: FakeConfigOptions = asked()): ConfigIpc & { somebodyWrites: (id: string, path: Path, value: Json | undefined) => void } {
  const servers = new Map<string, Server>();
  const schemas = new Map<string, string>();
  let writes: ConfigWrites = 'unknown';
  let versions = 40;

  function keep(server: Server, document: Json, origin: ConfigVersion['origin'], seenAt = new Date().toISOString()): ConfigVersion {
    const newest = server.kept[0];
    const before = newest && readJson(newest.text);
    if (newest && before !== undefined && isSame(before, document)) return newest.version;
    const text = textOf(document, 2);
    const version: ConfigVersion = { id: (versions += 1), seenAt, origin, bytes: textOf(document).length, changes: before === undefined ? 0 : differences(before, document).length };
    server.kept.unshift({ version, text });
    return version;
  }

  function serverOf(id: string): Server {
    const known = servers.get(id);
    if (known) return known;
    const { summary } = core.instance(id);
    const name = summary?.agent_name ?? 'Agent';
    const document = options.large ? largeDocument(name) : firstDocument(name, summary?.runtime_type ?? null);
    const server: Server = { document, kept: [], plan: null, raced: false };
    servers.set(id, server);
    const day = 86_400_000;
    keep(server, put(put(document, ['agents', 'defaults', 'model', 'primary'], 'platform/sonnet-small'), ['session', 'idleMinutes'], 120), 'fetched', new Date(Date.now() - 9 * day).toISOString());
    keep(server, put(document, ['session', 'idleMinutes'], 120), 'saved', new Date(Date.now() - 3 * day).toISOString());
    return server;
  }

  function fetched(id: string): { server: Server; version: ConfigVersion } {
    const refused = core.refusal();
    if (refused) throw refused;
    const { summary, gone } = core.instance(id);
    if (gone) throw failed({ type: 'notFound', message: null }, '404');
    if (summary?.status !== null && summary?.status !== 'running') throw failed({ type: 'conflict', message: 'Instance is not running' }, '409 {"detail":"Instance is not running"}');
    const server = serverOf(id);
    return { server, version: keep(server, server.document, 'fetched') };
  }

  function keptVersion(id: string, version: number): Kept {
    const kept = serverOf(id).kept.find((one) => one.version.id === version);
    if (!kept) throw failed({ type: 'notFound', message: null }, 'this version is not kept any more');
    return kept;
  }

  function drafted(id: string, draft: ConfigDraft): { base: Json; mine: Json } {
    const base = readJson(keptVersion(id, draft.base).text);
    try {
      return { base, mine: applyEdits(draft.text === null ? base : readJson(draft.text), draft.edits) };
    } catch (thrown) {
      throw failed({ type: 'invalid', message: null, fields: [{ loc: [], msg: String(thrown), type: 'json' }] }, thrown instanceof NotJson ? thrown.message : String(thrown));
    }
  }

  function open(id: string): ConfigView {
    try {
      const { server, version } = fetched(id);
      return { version, document: textOf(server.document, 2), writes, masked: maskPaths(server.document), source: 'live', failure: null };
    } catch (thrown) {
      const failure = thrown as Failure;
      const kept = failure.code.type === 'offline' || (failure.code.type === 'conflict' && servers.has(id)) ? serverOf(id).kept[0] : undefined;
      if (!kept) throw failure;
      return { version: kept.version, document: kept.text, writes, masked: maskPaths(readJson(kept.text)), source: 'cached', failure };
    }
  }

  function plan(id: string, draft: ConfigDraft, choices: ConfigChoice[]): ConfigPlan {
    const { base, mine } = drafted(id, draft);
    const troubles = textOf(mine);
    const { server } = fetched(id);
    if (/meanwhile/.test(troubles) && at(server.document, ['session', 'idleMinutes']) !== 777) server.document = put(server.document, ['session', 'idleMinutes'], 777);
    if (/contested/.test(troubles)) for (const { path } of differences(base, mine)) if (isSame(at(server.document, path), at(base, path))) server.document = put(server.document, path, 'theirs');
    const { version: current } = fetched(id);
    const theirs = server.document;
    const conflicts: ConfigConflict[] = [];
    const merged = merge(base, mine, theirs, choices, [], conflicts) ?? null;
    const sends = writes === 'merge' ? 'patch' as const : 'document' as const;
    const changed = differences(theirs, merged);
    const obstacle = obstacleTo(merged, theirs, base, conflicts, changed);
    const planId = core.newId();
    if (!obstacle) server.plan = { id: planId, wanted: merged, current: theirs, sends, troubles };
    const their = differences(base, theirs);
    const size = (document: Json) => textOf(document).length;
    return {
      id: planId, current, changedMeanwhile: their.length > 0, theirChanges: their.map(shown), conflicts, changes: changed.map(shown), sends,
      bytes: obstacle ? 0 : sends === 'document' ? size(merged) : changed.reduce((sum, one) => sum + one.path.join('').length + (one.after === undefined ? 4 : size(one.after)) + 6, 2),
      obstacle, shrinks: size(merged) * 2 < size(theirs),
    };
  }

  function save(id: string, planId: string): ConfigSaved {
    const server = serverOf(id);
    const { plan: planned } = server;
    server.plan = null;
    if (!planned || planned.id !== planId) throw failed({ type: 'conflict', message: null }, 'the plan is old');
    fetched(id);
    if (/racing/.test(planned.troubles) && !server.raced) {
      server.raced = true;
      server.document = put(server.document, ['session', 'idleMinutes'], 888);
    }
    if (!isSame(server.document, planned.current)) throw failed({ type: 'conflict', message: 'The configuration has changed since it was read' }, '409');
    if (/ignored/.test(planned.troubles)) server.document = applyChanges(planned, differences(planned.current, planned.wanted).slice(1));
    else server.document = options.writes === 'replace' || planned.sends === 'patch' ? planned.wanted : mergedInto(planned.current, planned.wanted);
    if (/lost/.test(planned.troubles)) throw failed({ type: 'mayHaveArrived' }, 'connection reset after the request was sent');
    server.document = masked(server.document);
    const differs = differences(masked(planned.wanted), server.document).map(({ path }) => [...path]);
    writes = planned.sends === 'patch' ? writes : differs.length === 0 && options.writes === 'replace' ? 'replace' : 'merge';
    return { version: keep(server, server.document, 'saved'), verified: true, differs, writes };
  }

  return {
    openConfig: (id) => core.answer(() => open(id), true),
    renderConfig: (id, draft) => core.answer(() => textOf(drafted(id, draft).mine, 2)),
    planConfig: (id, draft, choices) => core.write(() => plan(id, draft, choices)),
    saveConfig: (id, planId) => core.write(() => save(id, planId)),
    listConfigVersions: (id) => core.answer(() => serverOf(id).kept.map(({ version }) => version)),
    getConfigVersion: (id, version) => core.answer(() => keptVersion(id, version).text),
    compareConfigVersions: (id, from, to) => core.answer(() => differences(readJson(keptVersion(id, from).text), readJson(keptVersion(id, to).text)).map(shown)),
    getConfigSchema: (runtimeType) => core.answer(() => schemas.get(runtimeType) ?? null),
    importConfigSchema: (runtimeType) => core.answer(() => {
      schemas.set(runtimeType, JSON.stringify({ title: 'Imported', type: 'object', properties: { session: { type: 'object', title: 'Session (imported)', properties: { idleMinutes: { type: 'integer', title: 'Idle minutes', minimum: 1, default: 240 } } } } }));
      return true;
    }),
    somebodyWrites: (id, path, value) => {
      const server = serverOf(id);
      server.document = put(server.document, path, value);
    },
  };
}

function applyChanges(planned: Planned, changes: Difference[]): Json {
  return changes.reduce((document, { path, after }) => put(document, path, after), planned.current);
}

/** What a merging server makes of a whole document: what is not named stays. */
function mergedInto(target: Json, sent: Json): Json {
  if (!isObject(sent) || !isObject(target)) return sent;
  const entries = Object.entries(sent).map(([key, value]) => [key, mergedInto(child(target, key) ?? null, value)] as const);
  return { ...target, ...Object.fromEntries(entries) };
}

function maskPaths(value: Json, path: string[] = []): string[][] {
  if (isMask(value)) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, Json>).flatMap(([key, inner]) => maskPaths(inner, [...path, key]));
}

function obstacleTo(merged: Json, theirs: Json, base: Json, conflicts: ConfigConflict[], changed: Difference[]): ConfigObstacle | null {
  if (!isObject(merged)) return { type: 'notAnObject' };
  if (conflicts.some(({ chosen }) => chosen === null)) return { type: 'conflicts' };
  if (changed.length === 0) return { type: 'nothingChanged' };
  const strayed = maskPaths(merged).filter((path) => !isSame(at(merged, path), at(theirs, path)) && !isSame(at(merged, path), at(base, path)));
  if (strayed.length > 0) return { type: 'maskAsValue', paths: strayed };
  const inside = changed.filter(({ after, before }) => isList(after) && isList(before) && JSON.stringify(after).includes(MASK)).map(({ path }) => [...path]);
  return inside.length > 0 ? { type: 'masksCanNotBeKept', paths: inside } : null;
}

function merge(base: Json | undefined, mine: Json | undefined, theirs: Json | undefined, choices: ConfigChoice[], path: string[], conflicts: ConfigConflict[]): Json | undefined {
  if (isSame(mine, theirs) || isSame(theirs, base)) return mine;
  if (isSame(mine, base)) return theirs;
  if (isObject(mine) && isObject(theirs)) {
    const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
    const entries = [...keys].map((key) => [key, merge(child(base, key), child(mine, key), child(theirs, key), choices, [...path, key], conflicts)] as const);
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
  }
  const chosen = choices.findLast((choice) => idOf(choice.path) === idOf(path))?.side ?? null;
  conflicts.push({ path, base: shownText(path, base), mine: shownText(path, mine), theirs: shownText(path, theirs), chosen });
  return chosen === 'theirs' ? theirs : mine;
}

/** As the platform answers: a mask for each secret, also for the one that was just written. */
function masked(value: Json, key = ''): Json {
  if (typeof value === 'string') return isSecret([key]) && value !== '' && !value.startsWith('${') ? MASK : value;
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, name)]));
  return isList(value) ? value.map((inner) => masked(inner)) : value;
}

const isSecret = (path: readonly string[]) => /(key|token|password|secret)$/i.test(path.at(-1) ?? '');

function shownText(path: readonly string[], value: Json | undefined): string | null {
  return value === undefined || isSecret(path) || isMask(value) ? null : textOf(value, 2).slice(0, 2000);
}

function shown({ path, before, after }: Difference): ConfigChange {
  const where = path.join('.');
  const weight = isSecret(path) ? 'secret' as const : /^(models|agents\..*model)/i.test(where) ? 'model' as const : where.startsWith('channels') ? 'channel' as const : 'plain' as const;
  return { path: [...path], kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed', weight, before: shownText(path, before), after: shownText(path, after) };
}
