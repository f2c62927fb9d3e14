/**
 * What a reply may consist of once it has been read: a closed tree that the components can show without any further
 * decision. Belongs here: the kinds of pieces. Does not belong here: how they are found, or how they look.
 */

/** A piece inside a line of text. */
export type Inline =
  | { type: 'text'; value: string }
  | { type: 'emphasis' | 'strong' | 'delete'; children: Inline[] }
  | { type: 'code'; value: string }
  | { type: 'break' }
  /** A link that the one opener would take. `host` is what the person is told. */
  | { type: 'link'; url: string; host: string; children: Inline[] }
  /** A link that is never followed: its words are shown, its target only told. */
  | { type: 'refusedLink'; target: string; children: Inline[] }
  /** An image that is never fetched. */
  | { type: 'image'; alt: string; host: string | null }
  | { type: 'note'; label: string };

/** One entry of a list. `checked` is null where it is no task. */
export type Item = { checked: boolean | null; children: Block[] };

/** A piece that stands on lines of its own. */
export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; level: 3 | 4 | 5 | 6; children: Inline[] }
  | { type: 'code'; language: string | null; value: string }
  | { type: 'list'; ordered: boolean; start: number; loose: boolean; items: Item[] }
  | { type: 'table'; align: ('left' | 'right' | 'center' | null)[]; head: Inline[][]; rows: Inline[][][] }
  | { type: 'quote'; children: Block[] }
  | { type: 'note'; label: string; children: Block[] }
  | { type: 'rule' }
  /** Text that was not, or could not be, read as Markdown: shown as it is. */
  | { type: 'plain'; value: string };
