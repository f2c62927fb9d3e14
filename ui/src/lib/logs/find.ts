/**
 * What a filter finds inside a message, for marking it. Pure. The core decides which lines match; here is only shown where.
 * Belongs here: finding, and refusing patterns that could take for ever (the core's engine can not run away, this one can).
 */
import type { LogQuery } from '$lib/ipc/bindings';
import type { Piece } from './ansi';

/** From one place to another, the end excluded. */
export type Range = readonly [number, number];
export type Find = (text: string) => Range[];

/** A piece of a message, found or not. */
export type MarkedPiece = Piece & { hit: boolean };

/** Most marks in one message. */
const MARKS = 100;
/** A pattern is looked for in the beginning of a message only. */
const REGEX_LENGTH = 400;
/** Open repeats in one pattern: each one more can cost a message's length once more. */
const REPEATS = 2;

const NOTHING: Find = () => [];

/** What to mark for a filter. */
export function finder(query: Pick<LogQuery, 'text' | 'regex'>): Find {
  if (query.text === '') return NOTHING;
  if (!query.regex) return (text) => occurrences(text, query.text.toLowerCase());
  if (!isTame(query.text)) return NOTHING;
  try {
    const pattern = new RegExp(query.text, 'gi');
    return (text) => matches(text.slice(0, REGEX_LENGTH), pattern);
  } catch {
    return NOTHING;
  }
}

/** Whether a pattern can not run away here: few open repeats, none of a group, nothing that looks around or back. */
export function isTame(pattern: string): boolean {
  const bare = pattern.replace(/\\[\s\S]/g, '.').replace(/\[[^\]]*\]/g, '.');
  if (/\(\?[^:]/.test(bare) || /\\[1-9]/.test(pattern) || /\)\s*(?:[*+]|\{)/.test(bare)) return false;
  return (bare.match(/[*+]|\{\d*,\d*\}/g) ?? []).length <= REPEATS;
}

function occurrences(text: string, wanted: string): Range[] {
  const lower = text.toLowerCase();
  // Where small letters are longer than capitals, places do not fit: nothing is marked rather than something else.
  if (lower.length !== text.length) return [];
  const ranges: Range[] = [];
  for (let at = lower.indexOf(wanted); at >= 0 && ranges.length < MARKS; at = lower.indexOf(wanted, at + wanted.length)) ranges.push([at, at + wanted.length]);
  return ranges;
}

function matches(text: string, pattern: RegExp): Range[] {
  const ranges: Range[] = [];
  for (const match of text.matchAll(pattern)) {
    if (match[0] !== '') ranges.push([match.index, match.index + match[0].length]);
    if (ranges.length >= MARKS) break;
  }
  return ranges;
}

/** Cuts pieces at what was found in their joined text. */
export function markPieces(pieces: readonly Piece[], find: Find): MarkedPiece[] {
  const ranges = find(pieces.map((piece) => piece.text).join(''));
  const marked: MarkedPiece[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = start + piece.text.length;
    let at = start;
    for (const [from, to] of ranges) {
      if (to <= at || from >= end) continue;
      const low = Math.max(from, at);
      const high = Math.min(to, end);
      if (low > at) marked.push({ ...piece, hit: false, text: piece.text.slice(at - start, low - start) });
      marked.push({ ...piece, hit: true, text: piece.text.slice(low - start, high - start) });
      at = high;
    }
    if (at < end || piece.text === '') marked.push({ ...piece, hit: false, text: piece.text.slice(at - start) });
    start = end;
  }
  return marked;
}

/** As much of a long message as a row shows: from a little before the first find, when that is far in. */
export function excerpt(pieces: readonly MarkedPiece[], far = 90, before = 24): MarkedPiece[] {
  let start = 0;
  const hit = pieces.findIndex((piece) => { if (piece.hit) return true; start += piece.text.length; return false; });
  if (hit < 0 || start <= far) return [...pieces];
  const cut = start - before;
  const rest: MarkedPiece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const end = at + piece.text.length;
    if (end > cut) rest.push(at >= cut ? piece : { ...piece, text: `…${piece.text.slice(cut - at)}` });
    at = end;
  }
  return rest;
}

/** The one line of a parser's report that says what is wrong; the rest only repeats the pattern and points at a place in it. */
export function patternReason(problem: string): string {
  const lines = problem.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return (lines.findLast((line) => /^error:/i.test(line)) ?? lines.at(-1) ?? '').replace(/^error:\s*/i, '');
}
