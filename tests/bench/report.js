/** What was measured, as a table for people and as raw samples. Belongs here: words, verdicts and the two files. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { median, quantile, verdictOf } from './numbers.js';

/** Longest task of the main thread, in milliseconds. */
const GOAL = 100;
/** Most between two frames, of 95 in a hundred; most work that leaves a frame in time. */
const FRAMES = 34;
const WORK = 16;
const [START, END] = ['<!-- measured -->', '<!-- /measured -->'];
export const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const mb = (value) => `${Math.round(value)} MB`;
const by = (value) => value.toFixed(2);

export class Report {
  rows = [];
  raw = [];
  notes = [];

  #add(what, measured, control, goal, verdict, samples, id = '') {
    this.rows.push([id, what, measured, control, goal, verdict]);
    this.raw.push({ ...(id && { id }), what, ...samples });
    console.log(`${id && `${id}: `}${what} | ${measured} | ${control} | ${goal} | ${verdict}`);
  }

  /** A row whose words were found elsewhere. */
  row({ id, what, measured, control = '', goal = '', verdict = '', samples = {} }) {
    this.#add(what, measured, control, goal, verdict, samples, id);
  }

  /** One side against the other, measured in turn. */
  against(id, what, compared, most, unit, more = '') {
    const { value, low, high, control, base, ours } = compared;
    const spread = compared.holds ? '' : `; the control spreads from ${unit(Math.min(...base))} to ${unit(Math.max(...base))}`;
    this.#add(what, `${by(value)} × (${by(low)} to ${by(high)}); ${unit(median(ours))} against ${unit(median(base))}${more}`, `A/A ${by(control.value)}${spread}`, `≤ ${most} ×`, verdictOf(compared, most), { base, ours, control }, id);
  }

  /** What could not be measured says so in its row, and ends nothing else. */
  failed(id, what, error) {
    this.#add(what, `could not be measured: ${String(error.message ?? error).split('\n')[0].slice(0, 200)}`, '', '', 'no verdict', { error: String(error.stack ?? error) }, id);
  }

  note(text) {
    this.notes.push(text);
    console.log(text);
  }

  control(what, run) {
    this.#add(`control: ${what}`, `${ms(run.own)}; by the clock ${ms(run.longest)}`, '', '', '', { runs: [run] });
  }

  /** The longest gap of the main thread, in the middle of some runs. */
  tasks(what, runs, idle, goal = GOAL) {
    const longest = runs.map((run) => run.longest);
    const own = median(runs.map((run) => run.own));
    const verdict = goal === null ? '' : own <= goal ? 'met' : idle.own > goal / 2 ? 'no verdict' : 'missed';
    const spread = runs.length > 1 ? ` (${runs.map((run) => Math.round(run.own)).join(', ')})` : '';
    this.#add(what, `${ms(own)}${spread}; by the clock ${ms(median(longest))}`, ms(idle.own), goal === null ? '' : `≤ ${goal} ms`, verdict, { runs });
  }

  time(what, samples) {
    const spread = samples.length > 1 ? ` (${ms(Math.min(...samples))} to ${ms(Math.max(...samples))})` : '';
    this.#add(what, `${ms(median(samples))}${spread}`, '', '', '', { samples });
  }

  /** Frames of a list that moves; a plain list of text, moved by as much, is the control. */
  frames(what, list, plain) {
    const of = (blocks, name) => median(blocks.map((block) => block[name]));
    const late = (blocks) => quantile(blocks.flatMap(({ gaps }) => gaps), 0.95);
    const shown = (blocks) => `${ms(of(blocks, 'work'))} of work a frame, painting ${ms(Math.max(0, of(blocks, 'others')))}; frames ${[0.5, 0.95, 1].map((part) => Math.round(quantile(blocks.flatMap(({ gaps }) => gaps), part))).join(' / ')} ms`;
    // Where not even plain text moves in time, only the page's own work says something.
    const verdict = late(list) <= FRAMES ? 'met' : of(list, 'work') > WORK ? 'missed' : late(plain) > FRAMES ? 'no verdict' : 'missed';
    this.#add(what, shown(list), shown(plain), `p95 ≤ ${FRAMES} ms`, verdict, { list, plain });
  }

  /** Keys until they are painted, busy against idle. */
  keys(what, compared, most) {
    const { value, low, high, control, holds, idle, busy } = compared;
    const verdict = !holds ? 'no verdict' : value <= most ? 'met' : low > most ? 'missed' : 'no verdict';
    this.#add(what, `${by(value)} × (${by(low)} to ${by(high)}); ${ms(median(busy))} against ${ms(median(idle))}, p95 ${ms(quantile(busy, 0.95))} against ${ms(quantile(idle, 0.95))}`, `A/A ${by(control.value)}`, `≤ ${most} ×`, verdict, { idle, busy, control });
  }

  /** Memory before and after each pass. The first pass fills what is kept; what later ones add would go on for ever. */
  memory(what, sizes, most) {
    const [, once] = sizes;
    const grown = sizes.at(-1).page / once.page;
    this.#add(what, `page ${sizes.map(({ page }) => mb(page)).join(' → ')}; all ${sizes.map(({ all }) => mb(all)).join(' → ')}`, '', `page, last against first pass, ≤ ${most} ×`, grown <= most ? `met (${by(grown)})` : `missed (${by(grown)})`, { sizes });
  }

  fact(what, value) {
    this.#add(what, value, '', '', '', { value });
  }

  /** The samples of whatever was measured. */
  keep(file) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ notes: this.notes, measured: this.raw }, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value))}\n`);
  }

  /** Writes the table between the marks. */
  publish(file, machine) {
    const text = readFileSync(file, 'utf8');
    const cell = (value) => String(value).replaceAll('|', '\\|');
    const table = [['#', 'what', 'measured', 'control', 'goal', 'verdict'], ['---', '---', '---', '---', '---', '---'], ...ordered(this.rows)].map((row) => `| ${row.map(cell).join(' | ')} |`);
    const body = [machine, '', ...this.notes.map((note) => `- ${note}`), '', ...table].join('\n');
    const [before, rest] = [text.slice(0, text.indexOf(START) + START.length), text.slice(text.indexOf(END))];
    writeFileSync(file, `${before}\n\n${body}\n\n${rest}`);
  }
}

/** By their metric, in its order; what belongs to none comes last, as it was measured. */
function ordered(rows) {
  const place = (id) => (/^P(\d+)/.test(id) ? Number(/^P(\d+)/.exec(id)[1]) : Infinity);
  const letter = (id) => /^P\d+([a-z]*)/.exec(id)?.[1] ?? '';
  return rows.map((row, at) => ({ row, at })).sort((a, b) => {
    const [one, other] = [place(a.row[0]), place(b.row[0])];
    return (one === other ? 0 : one - other) || letter(a.row[0]).localeCompare(letter(b.row[0])) || a.at - b.at;
  }).map(({ row }) => row);
}
