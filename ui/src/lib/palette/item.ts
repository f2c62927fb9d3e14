/**
 * What can be chosen in the palette, and where it comes from. Types alone.
 * A new kind of thing is a new `PaletteSource` in the list of `sources.ts`; the palette itself knows none of them.
 */
import type { Tone } from '$lib/parts/Sign.svelte';
import type { May } from '$lib/permissions/mayDo';

export interface PaletteItem {
  /** No two sources give the same. What has one that starts with `passing:` is not remembered. */
  id: string;
  title: string;
  /** Beside the title: a host, a group. */
  note?: string;
  /** Its group, where that is not the source's. */
  section?: string;
  /** The note is read letter by letter. */
  mono?: boolean;
  /** More that it is found by. */
  words?: string;
  sign?: { tone: Tone; label: string };
  keys?: string | undefined;
  /** Why it can not be done; it stays in the list and says so. */
  may?: May;
  /** It can not be chosen and says something, as the note does. */
  silent?: boolean;
  /** How near it comes to what was typed: see `closeness`. Without it, farthest. */
  near?: number;
  /** What is remembered when it is chosen; otherwise its own id. */
  remember?: string;
  /** Asks for one more thing inside the palette; what is chosen there does it. */
  step?: PaletteStep;
  run?: () => unknown;
}

export interface PaletteSource {
  title: string;
  /** The best first; everything worth showing for an empty text. Rejects when it could not look. */
  find: (text: string) => Promise<PaletteItem[]>;
  /** What was chosen before, if it is still there. */
  recall: (id: string) => Promise<PaletteItem | null>;
}

export interface PaletteStep {
  /** Said before the field: what the answer is for. */
  title: string;
  placeholder: string;
  /** Said when nothing fits. */
  none: string;
  find: (text: string) => Promise<PaletteItem[]>;
}
