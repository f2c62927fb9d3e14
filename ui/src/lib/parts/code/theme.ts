/**
 * The editor's look, from the tokens: custom properties reach into its shadow root, so light and dark need no second theme.
 * Belongs here: style alone. Its rules are constructed style sheets; the security policy refuses style elements.
 */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const ring = '2px solid var(--accent)';
const soft = (colour: string, share: number) => `color-mix(in oklch, var(${colour}) ${share}%, transparent)`;
const wave = (colour: string) => ({ backgroundImage: 'none', textDecoration: `underline wavy var(${colour}) 1px`, textUnderlineOffset: '3px', textDecorationSkipInk: 'none', paddingBottom: '0' });
const button = {
  minHeight: '26px', margin: '0', padding: '2px 9px', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius)',
  background: 'var(--surface)', backgroundImage: 'none', color: 'var(--ink)', font: '550 var(--text-12)/1.3 var(--font)', cursor: 'default',
};
const floating = { background: 'var(--surface)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius)', boxShadow: 'var(--shadow)', color: 'var(--ink)' };

const frame = EditorView.theme({
  '&': { height: '100%', background: 'var(--surface)', color: 'var(--ink)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', fontVariantLigatures: 'none', scrollbarColor: 'var(--line-strong) transparent' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { background: 'var(--surface)', color: 'var(--ink-2)', border: 'none', fontVariantNumeric: 'tabular-nums' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '32px', padding: '0 4px 0 8px' },
  '.cm-activeLineGutter': { background: 'transparent', color: 'var(--ink)' },
  '.cm-activeLine': { background: 'transparent' },
  '&.cm-focused .cm-activeLine': { background: soft('--ink', 4) },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 4px', color: 'var(--ink-3)' },
  '.cm-foldPlaceholder': { padding: '0 6px', margin: '0 2px', border: '1px solid var(--line)', borderRadius: '4px', background: 'var(--sunken)', color: 'var(--ink-2)' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '1.5px solid var(--accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: soft('--accent', 24) },
  '.cm-selectionMatch': { background: soft('--accent', 12) },
  '&.cm-focused .cm-matchingBracket': { background: 'none', outline: `1px solid ${soft('--accent', 60)}`, borderRadius: '2px' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'var(--bad-soft)', color: 'var(--bad)' },
  '.cm-searchMatch': { background: soft('--warn', 22), borderRadius: '2px' },
  '.cm-searchMatch-selected': { background: soft('--warn', 50) },
  '.cm-specialChar': { padding: '0 1px', borderRadius: '2px', background: 'var(--bad-soft)', color: 'var(--bad)' },
});

const floats = EditorView.theme({
  '.cm-tooltip': floating,
  '.cm-tooltip.cm-tooltip-autocomplete': { overflow: 'hidden' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '240px', padding: '4px', fontFamily: 'var(--mono)', fontSize: '12.5px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', alignItems: 'center', minHeight: '26px', padding: '2px 8px', borderRadius: '4px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { marginLeft: 'auto', paddingLeft: '16px', color: 'var(--ink-2)', fontStyle: 'normal', font: '400 var(--text-12)/1.3 var(--font)' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', maxWidth: '300px', font: '400 var(--text-12)/1.5 var(--font)' },
  '.cm-tooltip.cm-completionInfo p': { margin: '0' },
  '.cm-explanation': { maxWidth: '380px', padding: '8px 12px', font: '400 var(--text-12)/1.5 var(--font)', overflowWrap: 'anywhere' },
  '.cm-explanation p': { margin: '0' },
  '.cm-explanation-title': { fontWeight: '600' },
  '.cm-explanation-type': { color: 'var(--ink-2)' },
  '.cm-explanation-values': { color: 'var(--ink-2)', fontFamily: 'var(--mono)' },
  '.cm-diagnostic': { marginLeft: '0', padding: '6px 12px', maxWidth: '420px', font: '400 var(--text-12)/1.5 var(--font)', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warn)' },
  '.cm-lintRange-error': wave('--bad'),
  '.cm-lintRange-warning': wave('--warn'),
  '.cm-lintRange-info': { background: 'none', textDecoration: 'underline dotted var(--ink-3)', textUnderlineOffset: '3px' },
  '.cm-lintRange-active': { background: soft('--warn', 16) },
  '.cm-lintPoint:after': { bottom: '-1px' },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--bad)' },
  '.cm-lintPoint-warning:after': { borderBottomColor: 'var(--warn)' },
  '.cm-gutter-lint': { width: '16px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '4px 2px 0' },
  '.cm-lint-marker': { width: '12px', height: '12px' },
  '.cm-lint-marker-error, .cm-lint-marker-warning': { content: 'none', display: 'grid', placeItems: 'center', font: '700 12px/12px var(--font)' },
  '.cm-lint-marker-info': { display: 'none' },
  '.cm-lint-marker-error': { color: 'var(--bad)' },
  '.cm-lint-marker-warning': { color: 'var(--warn)' },
  '.cm-lint-marker-error:before': { content: '"✕"' },
  '.cm-lint-marker-warning:before': { content: '"▲"' },
});

const panels = EditorView.theme({
  '.cm-panels': { background: 'var(--sunken)', color: 'var(--ink)', font: '400 var(--text-12)/1.3 var(--font)', zIndex: '2' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '8px 44px 2px 10px' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { margin: '0 6px 6px 0' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', minHeight: '26px', fontSize: 'var(--text-12)', verticalAlign: 'middle' },
  '.cm-panel.cm-search input[type=checkbox]': { margin: '0', accentColor: 'var(--accent)', width: '14px', height: '14px' },
  '.cm-panel.cm-search .cm-textfield, .cm-panel.cm-gotoLine .cm-textfield': { ...button, margin: '0 6px 6px 0', fontWeight: '400', width: '220px', verticalAlign: 'middle' },
  '.cm-panel .cm-button': button,
  '.cm-panel .cm-button:hover': { background: 'var(--hover)' },
  '.cm-panel.cm-search [name=close], .cm-dialog-close': { margin: '0', position: 'absolute', top: '8px', right: '10px', width: '26px', height: '26px', padding: '0', borderRadius: 'var(--radius)', color: 'var(--ink-2)', fontSize: '16px', lineHeight: '1' },
  '.cm-panel.cm-search [name=close]:hover': { background: 'var(--hover)' },
  '.cm-panel :focus-visible': { outline: ring, outlineOffset: '1px' },
  '.cm-panel.cm-panel-lint ul': { maxHeight: '120px' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { background: 'var(--hover)' },
  '.cm-panel.cm-panel-lint ul:focus [aria-selected]': { background: 'var(--accent-soft)', color: 'var(--ink)' },
  '@media (forced-colors: active)': { '.cm-cursor': { borderLeftColor: 'CanvasText' } },
  '@media (prefers-reduced-motion: reduce)': { '&.cm-focused > .cm-scroller > .cm-cursorLayer': { animation: 'none' } },
});

const words = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent-ink)' },
  { tag: tags.string, color: 'var(--ink)' },
  { tag: tags.number, color: 'var(--busy)' },
  { tag: [tags.bool, tags.null], color: 'var(--busy)', fontWeight: '600' },
  { tag: [tags.separator, tags.squareBracket, tags.brace, tags.punctuation], color: 'var(--ink-2)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

export const look = [frame, floats, panels, syntaxHighlighting(words)];
