/** The chart's colours, read from the tokens where it stands, and again when the theme or the contrast changes. */

export interface Colours { main: string; ink: string; muted: string; line: string; ground: string; font: string; size: number }

/** The colours and the type of an element's surroundings. A canvas is not repainted by forced colours: it is told them. */
export function readColours(element: Element): Colours {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const forced = globalThis.matchMedia?.('(forced-colors: active)').matches ?? false;
  const type = { font: style.fontFamily || 'sans-serif', size: Number.parseFloat(style.fontSize) || 12 };
  if (forced) return { main: 'Highlight', ink: 'CanvasText', muted: 'CanvasText', line: 'GrayText', ground: 'Canvas', ...type };
  return { main: token('--accent', 'teal'), ink: token('--ink', 'black'), muted: token('--ink-2', 'gray'), line: token('--line', 'silver'), ground: token('--surface', 'white'), ...type };
}

/** The colour, let through: tokens are in OKLCH, which takes its opacity after a slash. */
export function faded(colour: string, opacity: number): string {
  const steps = /^oklch\(([^/)]+)\)$/.exec(colour);
  return steps ? `oklch(${steps[1]} / ${opacity})` : `color-mix(in srgb, ${colour} ${opacity * 100}%, transparent)`;
}

/** Calls back when the tokens may have new values; returns how to stop. */
export function onColoursChange(changed: () => void): () => void {
  const themes = new MutationObserver(changed);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  const media = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'].map((query) => matchMedia(query));
  for (const one of media) one.addEventListener('change', changed);
  return () => {
    themes.disconnect();
    for (const one of media) one.removeEventListener('change', changed);
  };
}

/** Slanted strokes for what is not over, at the density of the screen. */
export function hatch(colour: string, ratio: number): CanvasPattern | string {
  const side = Math.round(6 * ratio);
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const pen = tile.getContext('2d');
  if (!pen) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6 * ratio;
  // Once through the middle and once over each corner, so that the tiles join.
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift - ratio, side + ratio);
    pen.lineTo(shift + side + ratio, -ratio);
    pen.stroke();
  }
  return pen.createPattern(tile, 'repeat') ?? colour;
}
