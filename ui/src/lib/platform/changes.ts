/** What a draft changes, as a person reads it: entries of lists by their names, and no secret in any text. Pure. */
import { differences, type Difference } from '$lib/config/diff';
import type { Path } from '$lib/config/place';
import { child, isList, isSame, textOf, type Json, type JsonList, type JsonObject } from '$lib/config/value';
import type { ConfigChange, ConfigWeight } from '$lib/ipc/bindings';
import { namesSecret } from '$lib/schema/keys';
import { isSameEntry, labelOf, nameOf } from './entries';
import { isSecret, withoutSecrets } from './secrets';

const LONG = 2000;

/** `ordered`: fields whose lists are shown whole, since their order is what they say. */
export function changesOf(before: JsonObject, after: JsonObject, ordered: ReadonlySet<string>): ConfigChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => inField(field, child(before, field), child(after, field), ordered.has(field))).map(shown);
}

const isNamed = (list: JsonList) => {
  const names = list.map(nameOf);
  return !names.includes(null) && new Set(names).size === names.length;
};

/** A list of named entries is taken apart by their names, one whose order counts is one value. */
function inField(field: string, before: Json | undefined, after: Json | undefined, ordered: boolean): Difference[] {
  if (isSame(before, after)) return [];
  const whole: Difference = { path: [field], before, after };
  if (ordered) return [whole];
  if (!isList(before) || !isList(after)) return differences(before, after).map(({ path, ...sides }) => ({ path: [field, ...path], ...sides }));
  if (!isNamed(before) || !isNamed(after)) return [whole];
  const pair = (entry: Json, list: JsonList) => list.find((other) => isSameEntry(other, entry));
  const gone = before.filter((entry) => pair(entry, after) === undefined).map((entry): Difference => ({ path: [field, labelOf(entry)], before: entry, after: undefined }));
  const rest = after.flatMap((entry) => differences(pair(entry, before), entry).map(({ path, ...sides }): Difference => ({ path: [field, labelOf(entry), ...path], ...sides })));
  return gone.length + rest.length > 0 ? [...gone, ...rest] : [whole];
}

function shown({ path, before, after }: Difference): ConfigChange {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const isHidden = isSecret(path, before) || isSecret(path, after) || (typeof (after ?? before) === 'string' && namesSecret(path.at(-1) ?? ''));
  const weight: ConfigWeight = isHidden ? 'secret' : path[0] === 'channels' ? 'channel' : path[0] === 'primary' || path[0] === 'fallbacks' ? 'model' : 'plain';
  const text = (value: Json | undefined) => (value === undefined || isHidden ? null : textOf(withoutSecrets(value, path), 2).slice(0, LONG));
  return { path: [...path], kind, weight, before: text(before), after: text(after) };
}

/** How many places differ in each field. */
export function countByField(changes: readonly { path: Path | readonly string[] }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of changes) counts.set(path[0] ?? '', (counts.get(path[0] ?? '') ?? 0) + 1);
  return counts;
}
