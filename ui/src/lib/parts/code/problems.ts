/** Problems in an open editor: its own, found while nobody types, and those it was told, which move with the text. */
import { linter, setDiagnosticsEffect, forEachDiagnostic, type Diagnostic } from '@codemirror/lint';
import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { showHidden } from '$lib/markdown/visible';
import type { Problem } from './problem';
import { read } from './syntax';
import { validate } from './validate';

/** Up to this size a schema is checked after each pause in typing; above it only the first mistake in syntax is found. `validate` can still be asked. */
export const CHECKED_AT_ONCE = 200_000;
/** How long a pause is, in milliseconds. */
const PAUSE = 400;

/** The problems others found. */
export const tell = StateEffect.define<readonly Problem[]>();
/** Something other than the text changed: check again. */
export const checkAgain = StateEffect.define<null>();

const toldField = StateField.define<readonly Problem[]>({
  create: () => [],
  update(problems, transaction) {
    const length = transaction.newDoc.length;
    if (transaction.docChanged) problems = problems.map((problem) => ({ ...problem, from: transaction.changes.mapPos(Math.min(problem.from, transaction.startState.doc.length)), to: transaction.changes.mapPos(Math.min(problem.to, transaction.startState.doc.length)) }));
    for (const effect of transaction.effects) if (effect.is(tell)) problems = effect.value.map((problem) => ({ ...problem, from: Math.min(problem.from, length), to: Math.min(Math.max(problem.from, problem.to), length) }));
    return problems;
  },
});

const asProblem = (from: number, to: number, { message, severity }: Diagnostic): Problem => ({ from, to, message, severity: severity === 'hint' ? 'info' : severity });

export function problemsOf(state: EditorState): Problem[] {
  const found: Problem[] = [];
  forEachDiagnostic(state, (diagnostic, from, to) => found.push(asProblem(from, to, diagnostic)));
  return found;
}

function check(state: EditorState, language: 'json' | 'text', schema: unknown): Problem[] {
  const told = state.field(toldField);
  if (language === 'text') return [...told];
  const text = state.doc.toString();
  const outcome = text.length > CHECKED_AT_ONCE ? read(text, 1) : null;
  const own = outcome === null ? validate(text, schema) : outcome.ok ? [] : outcome.problems;
  const known = new Set(own.map((problem) => `${problem.from} ${problem.message}`));
  return [...own, ...told.filter((problem) => !known.has(`${problem.from} ${problem.message}`))];
}

/** Finds and shows problems; what they are checked against is asked for each time. */
export function checking(against: () => { language: 'json' | 'text'; schema: unknown }): Extension {
  return [
    toldField,
    linter((view): Diagnostic[] => {
      const { language, schema } = against();
      return check(view.state, language, schema).map((problem) => ({ ...problem, message: showHidden(problem.message) }));
    }, {
      delay: PAUSE,
      needsRefresh: (update) => update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(tell) || effect.is(checkAgain))),
    }),
  ];
}

export const problemsChanged = (effects: readonly StateEffect<unknown>[]): boolean => effects.some((effect) => effect.is(setDiagnosticsEffect));
