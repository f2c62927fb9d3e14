/** How parts copy: the frame gives them a way, since a part knows neither the core nor the clipboard. */
import { createContext } from 'svelte';

export type Copy = (text: string) => Promise<void>;

const [get, set, has] = createContext<Copy>();

export const setCopy = set;

/** The frame's way to copy; without a frame (a part shown alone) the browser's own. */
export function getCopy(): Copy {
  return has() ? get() : (text) => navigator.clipboard.writeText(text);
}
