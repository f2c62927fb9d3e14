/**
 * Finding by a few letters, and which letters of a text they are. Pure; the matching itself is uFuzzy's.
 * Belongs here: how near a text is, the order of what was found. Does not belong here: what is searched.
 */
import UFuzzy from '@leeoniya/ufuzzy';
import type { PaletteItem } from './item';

/** Longer texts are no search. */
const LONGEST = 300;

const ANY_SCRIPT = {
  unicode: true,
  interSplit: "[^\\p{L}\\d']+", intraSplit: '\\p{Ll}\\p{Lu}',
  interBound: '[^\\p{L}\\d]', intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraContr: "'\\p{L}{1,2}\\b",
};
/** Each word somewhere as it is. */
const words = new UFuzzy({ ...ANY_SCRIPT, intraChars: "[\\p{L}\\d']" });
/** The letters of each word in order, from the beginning of a word on. */
const letters = new UFuzzy({ ...ANY_SCRIPT, intraChars: '.', intraIns: Infinity, interLft: 1 });

/** Words in another order than the text has them, up to so many. */
const ANY_ORDER = 4;

function search(by: UFuzzy, texts: string[], text: string): number[] {
  const [found, info, order] = by.search(texts, text, ANY_ORDER);
  if (!found) return [];
  return info && order ? order.flatMap((at) => info.idx[at] ?? []) : found;
}

/** 0: the same, 1: starts so, 2: a word of it starts so, 3: is in it, 4: its letters at most. */
export function closeness(text: string, of: string): number {
  const [wanted, whole] = [text.trim().toLowerCase(), of.toLowerCase()];
  if (wanted === whole) return 0;
  const at = whole.indexOf(wanted);
  if (at < 0) return 4;
  if (at === 0) return 1;
  return search(words, [of], wanted).length > 0 && /[^\p{L}\d]/u.test(whole[at - 1] ?? '') ? 2 : 3;
}

/** The items that fit, best first; what was used lately goes first among equally near ones. Without a text, all as they are. */
export function findFuzzy(items: readonly PaletteItem[], text: string, recent: readonly string[] = []): PaletteItem[] {
  const wanted = text.trim().slice(0, LONGEST);
  if (wanted === '') return [...items];
  const exact = search(words, items.map(({ title, note, words: more }) => [title, note, more].filter(Boolean).join('  ')), wanted);
  const loose = search(letters, items.map(({ title }) => title), wanted);
  const places = [...new Set([...exact, ...loose])];
  const used = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return places
    .flatMap((place, rank) => {
      const item = items[place];
      return item ? [{ item: { ...item, near: Math.min(closeness(wanted, item.title), exact.includes(place) ? 3 : 4) }, rank }] : [];
    })
    .sort((a, b) => a.item.near - b.item.near || used(a.item.remember ?? a.item.id) - used(b.item.remember ?? b.item.id) || a.rank - b.rank)
    .map(({ item }) => item);
}

export interface Piece { text: string; hit: boolean }

/** A text in pieces: those that were typed, and the rest. */
export function marked(of: string, text: string): Piece[] {
  const hits = new Array<boolean>(of.length).fill(false);
  for (const word of text.trim().slice(0, LONGEST).split(/\s+/).filter(Boolean)) {
    const ranges = rangesIn(words, of, word) ?? rangesIn(letters, of, word) ?? [];
    for (let at = 0; at + 1 < ranges.length; at += 2) hits.fill(true, ranges[at], ranges[at + 1]);
  }
  const pieces: Piece[] = [];
  for (const [at, unit] of [...of.split('')].entries()) {
    const last = pieces.at(-1);
    if (last && last.hit === hits[at]) last.text += unit;
    else pieces.push({ text: unit, hit: hits[at] ?? false });
  }
  return pieces;
}

function rangesIn(by: UFuzzy, of: string, word: string): number[] | null {
  const found = by.filter([of], word);
  if (!found?.length) return null;
  return by.info(found, [of], word).ranges[0] ?? null;
}
