/**
 * An open CodeMirror in a shadow root, where its rules become constructed style sheets (the policy refuses style elements).
 * Belongs here: putting CodeMirror together and changing it while it is open. Does not belong here: Svelte, the look,
 * or what a schema means.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, nextDiagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { completion } from './complete';
import { explanations } from './hover';
import { staysInside } from './keys';
import { phrases } from './phrases';
import type { Problem } from './problem';
import { checkAgain, checking, problemsChanged, problemsOf, tell } from './problems';
import { siblingsAt } from './siblings';
import { look } from './theme';

export type Language = 'json' | 'text';
export interface Place { line: number; column: number }

export interface EditorOptions {
  text: string;
  label: string;
  /** How to leave with the keyboard, for screen readers. */
  hint: string;
  readonly: boolean;
  language: Language;
  schema: unknown;
  onchange: (text: string) => void;
  onplace: (place: Place) => void;
  onproblems: (problems: Problem[]) => void;
}

/** Changes the part of the text that differs, so that the cursor, the folds and the view stay where they are. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

export class OpenEditor {
  readonly view: EditorView;
  #language: Language;
  #schema: unknown;
  #text: string;
  #readonlyPart = new Compartment();
  #languagePart = new Compartment();
  #labelPart = new Compartment();

  constructor(host: HTMLElement, options: EditorOptions) {
    this.#language = options.language;
    this.#schema = options.schema;
    this.#text = options.text;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const hint = document.createElement('p');
    hint.id = 'leave';
    hint.hidden = true;
    hint.textContent = options.hint;
    root.replaceChildren(hint);
    host.addEventListener('keydown', (event) => {
      if (staysInside(event)) event.stopPropagation();
    });
    this.view = new EditorView({ root, parent: root, state: EditorState.create({ doc: options.text, extensions: this.#extensions(options) }) });
    options.onplace(this.#place());
  }

  #extensions(options: EditorOptions): Extension {
    return [
      lintGutter(), lineNumbers(), foldGutter({ openText: '⌄', closedText: '›' }), highlightActiveLineGutter(), highlightActiveLine(),
      highlightSpecialChars(), history(), drawSelection(), EditorState.allowMultipleSelections.of(true),
      indentOnInput(), indentUnit.of('  '), EditorState.tabSize.of(2), bracketMatching(), closeBrackets(),
      highlightSelectionMatches(), search({ top: true }), EditorView.lineWrapping, EditorState.phrases.of(phrases()),
      // Screens send with Ctrl or Command and Enter: that press is not for a blank line.
      keymap.of([...closeBracketsKeymap, ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap]),
      look,
      this.#languagePart.of(this.#spoken()),
      this.#readonlyPart.of(EditorState.readOnly.of(options.readonly)),
      this.#labelPart.of(this.#named(options.label)),
      checking(() => ({ language: this.#language, schema: this.#schema })),
      explanations(() => (this.#language === 'json' ? this.#schema : null)),
      autocompletion({ icons: false, override: [(context) => (this.#language === 'json' && this.#schema && !context.state.readOnly ? completion(context, this.#schema, (offset) => siblingsAt(context.state, offset)) : null)] }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          const text = update.state.doc.toString();
          if (text !== this.#text) {
            this.#text = text;
            options.onchange(text);
          }
        }
        if (update.docChanged || update.selectionSet) options.onplace(this.#place());
        if (update.transactions.some((transaction) => problemsChanged(transaction.effects))) options.onproblems(problemsOf(update.state));
      }),
    ];
  }

  #spoken = (): Extension => (this.#language === 'json' ? json() : []);
  #named = (label: string): Extension => EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': 'leave', tabindex: '0' });

  #place(): Place {
    const { head } = this.view.state.selection.main;
    const line = this.view.state.doc.lineAt(head);
    return { line: line.number, column: head - line.from + 1 };
  }

  /** A new text from outside; what was typed stays in the history, so that it can be undone. */
  setText(text: string): void {
    // Line breaks are CodeMirror's inside: a text that differs by them alone is the same.
    if (text === this.#text) return;
    const before = this.view.state.doc.toString();
    const after = text.replace(/\r\n?/g, '\n');
    this.#text = after;
    if (after !== before) this.view.dispatch({ changes: difference(before, after) });
  }

  setReadonly(readonly: boolean): void {
    if (this.view.state.readOnly !== readonly) this.view.dispatch({ effects: this.#readonlyPart.reconfigure(EditorState.readOnly.of(readonly)) });
  }

  setLabel(label: string): void {
    if (this.view.contentDOM.getAttribute('aria-label') !== label) this.view.dispatch({ effects: this.#labelPart.reconfigure(this.#named(label)) });
  }

  setRules(language: Language, schema: unknown): void {
    if (language === this.#language && schema === this.#schema) return;
    const spokenChanged = language !== this.#language;
    this.#language = language;
    this.#schema = schema;
    this.view.dispatch({ effects: [checkAgain.of(null), ...(spokenChanged ? [this.#languagePart.reconfigure(this.#spoken())] : [])] });
  }

  setProblems(problems: readonly Problem[]): void {
    this.view.dispatch({ effects: tell.of(problems) });
  }

  goTo(offset: number, end = offset): void {
    const length = this.view.state.doc.length;
    const anchor = Math.max(0, Math.min(offset, length));
    const head = Math.max(0, Math.min(end, length));
    this.view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    this.view.focus();
  }

  nextProblem(): void {
    this.view.focus();
    nextDiagnostic(this.view);
  }

  openSearch(): void {
    this.view.focus();
    openSearchPanel(this.view);
  }

  focus(): void {
    this.view.focus();
  }

  close(): void {
    this.view.destroy();
  }
}
