/** What was typed into a field becomes a value, or says why it can not. Pure; the words are the screen's. */
import { choicesOf, type FieldKind } from '$lib/schema/nodes';
import { branchesOf, typesOf } from '$lib/schema/branches';
import { isNode, type Schema } from '$lib/schema/schema';
import { isMask } from './masks';
import { NotJson, readJson } from './read';
import { Exact, plain, type Json } from './value';

/** Why a text is no value at all: nothing can be saved while it stands there. */
export type Trouble = 'notANumber' | 'notWhole' | 'notJson' | 'mask' | 'empty';

export type Typed = { value: Json } | { trouble: Trouble };

/** A number as it was typed: its text goes out, unrounded. */
export function readNumber(text: string, kind: 'number' | 'integer'): Typed {
  const bare = text.trim();
  if (bare === '') return { trouble: 'empty' };
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(bare)) return { trouble: 'notANumber' };
  if (kind === 'integer' && !/^-?\d+$/.test(bare)) return { trouble: 'notWhole' };
  const value = Number(bare);
  return { value: String(value) === bare ? value : new Exact(bare) };
}

export function readSecret(text: string): Typed {
  return isMask(text) ? { trouble: 'mask' } : { value: text };
}

export function readAny(text: string): Typed & { offset?: number } {
  try {
    return { value: readJson(text) };
  } catch (thrown) {
    return { trouble: 'notJson', offset: thrown instanceof NotJson ? thrown.offset : 0 };
  }
}

export type Advice = { code: 'tooSmall' | 'tooLarge' | 'tooShort' | 'tooLong'; limit: number } | { code: 'otherForm'; pattern: string } | { code: 'notAChoice' } | { code: 'otherType' };

/** What the schema has against a value. Advice, not a wall: the agent may be newer than the schema. */
export function adviceOn(schema: Schema, kind: FieldKind, value: Json | undefined): Advice | null {
  const known = plain(value);
  if (value === undefined || value === null || schema === false || kind === 'secret') return null;
  const fitting = branchesOf(schema);
  if (typeof known !== 'string' && typeof known !== 'number' && typeof known !== 'boolean') return null;
  const type = typeof known;
  const branches = fitting.filter((branch) => typesOf(branch).length === 0 || typesOf(branch).includes(type as 'string'));
  if (fitting.length > 0 && branches.length === 0) return isReferenceText(known) ? null : { code: 'otherType' };
  const choices = choicesOf(schema);
  if (choices.length > 0) return choices.some((choice) => choice.value === known) || isReferenceText(known) ? null : { code: 'notAChoice' };
  const complaints = branches.map((branch) => complaint(branch, known));
  return complaints.includes(null) ? null : (complaints[0] ?? null);
}

const isReferenceText = (value: unknown) => typeof value === 'string' && /^\$\{.+\}$/.test(value);

function complaint(branch: Schema, value: string | number | boolean): Advice | null {
  if (!isNode(branch)) return null;
  if (typeof value === 'number') {
    if (typeof branch.minimum === 'number' && value < branch.minimum) return { code: 'tooSmall', limit: branch.minimum };
    if (typeof branch.exclusiveMinimum === 'number' && value <= branch.exclusiveMinimum) return { code: 'tooSmall', limit: branch.exclusiveMinimum };
    if (typeof branch.maximum === 'number' && value > branch.maximum) return { code: 'tooLarge', limit: branch.maximum };
    if (typeof branch.exclusiveMaximum === 'number' && value >= branch.exclusiveMaximum) return { code: 'tooLarge', limit: branch.exclusiveMaximum };
  }
  if (typeof value === 'string') {
    const length = [...value].length;
    if (typeof branch.minLength === 'number' && length < branch.minLength) return { code: 'tooShort', limit: branch.minLength };
    if (typeof branch.maxLength === 'number' && length > branch.maxLength) return { code: 'tooLong', limit: branch.maxLength };
    if (typeof branch.pattern === 'string' && !fits(branch.pattern, value)) return { code: 'otherForm', pattern: branch.pattern };
  }
  return null;
}

/** A pattern of an imported schema may be hostile or wrong: long texts are not tried on it. */
function fits(pattern: string, text: string): boolean {
  if (text.length > 300 || pattern.length > 300) return true;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}
