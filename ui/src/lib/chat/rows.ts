/**
 * The turns as rows of a virtual list: a line where a day begins, then each turn, a long reply as several rows.
 * Belongs here: order, and doing nothing twice while a reply grows. Does not belong here: looks, scrolling.
 */
import { Pieces } from './pieces';
import { holds, type Hit } from './search';

interface Said { id: string; sentAt: string; reply: string }

/** `turn` has the message and the beginning of the reply; `more` goes on with it. `last`: the turn ends with this row. */
export type Row<T> =
  | { type: 'day'; key: string; at: string }
  | { type: 'turn' | 'more'; key: string; turn: T; text: string; last: boolean };

type Known<T> = { turn: T; reply: string; pieces: Pieces; rows: Row<T>[]; day: string };

const dayOf = (iso: string): string => {
  const at = new Date(iso);
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
};

export class Rows<T extends Said> {
  #known = new Map<string, Known<T>>();

  of(turns: readonly T[]): Row<T>[] {
    const known = new Map<string, Known<T>>();
    const rows: Row<T>[] = [];
    let day = '';
    for (const turn of turns) {
      const one = this.#look(turn);
      known.set(turn.id, one);
      if (one.day !== day) rows.push({ type: 'day', key: `day ${turn.id}`, at: turn.sentAt });
      day = one.day;
      for (const row of one.rows) rows.push(row);
    }
    this.#known = known;
    return rows;
  }

  #look(turn: T): Known<T> {
    const { reply } = turn;
    const before = this.#known.get(turn.id);
    if (before?.turn === turn && before.reply === reply) return before;
    const pieces = before?.turn === turn ? before.pieces : new Pieces();
    const texts = pieces.cut(reply);
    const rows = texts.map((text, at): Row<T> => ({ type: at === 0 ? 'turn' : 'more', key: at === 0 ? turn.id : `${turn.id} ${at}`, turn, text, last: at === texts.length - 1 }));
    return { turn, reply, pieces, rows, day: before?.day ?? dayOf(turn.sentAt) };
  }
}

/** The row where a hit is to be seen: in a long reply, the first that holds the words. */
export function rowOf<T extends Said>(rows: readonly Row<T>[], hit: Hit, query: string): number {
  const first = rows.findIndex((row) => row.type === 'turn' && row.key === hit.id);
  if (first < 0 || hit.side === 'message') return first;
  const wanted = query.trim().toLowerCase();
  for (let at = first; at < rows.length; at += 1) {
    const row = rows[at];
    if (!row || row.type === 'day' || row.turn.id !== hit.id) break;
    if (holds(row.text, wanted)) return at;
  }
  return first;
}
