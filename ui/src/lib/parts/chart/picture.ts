/** A drawn chart as a picture to keep: its title above, its key below, on the ground it is shown on. */
import { faded, type Colours } from './colours';
import type { Series } from './series';

/** The names of the series side by side, each behind a sample of how it is drawn. */
function writeKey(pen: CanvasRenderingContext2D, named: readonly Series[], x: number, y: number, colours: Colours, ratio: number): void {
  pen.font = `${colours.size * ratio}px ${colours.font}`;
  pen.textBaseline = 'middle';
  pen.lineWidth = 2 * ratio;
  for (const { label, tone } of named) {
    pen.strokeStyle = tone === 'muted' ? colours.muted : tone === 'band' ? faded(colours.main, 0.4) : colours.main;
    pen.setLineDash(tone === 'muted' ? [2 * ratio, 3 * ratio] : []);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 14 * ratio, y);
    pen.stroke();
    pen.fillStyle = colours.muted;
    pen.fillText(label, x + 20 * ratio, y);
    x += 20 * ratio + pen.measureText(label).width + 20 * ratio;
  }
}

export function picture(drawn: HTMLCanvasElement, title: string, named: readonly Series[], colours: Colours, ratio: number): Promise<Blob> {
  const edge = 16 * ratio;
  const line = colours.size * 2 * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width + 2 * edge;
  canvas.height = drawn.height + 2 * edge + line + (named.length > 0 ? line : 0);
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.reject(new Error('This window can not draw'));
  pen.fillStyle = colours.ground;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.textBaseline = 'top';
  pen.fillStyle = colours.ink;
  pen.font = `600 ${(colours.size + 1) * ratio}px ${colours.font}`;
  pen.fillText(title, edge, edge, drawn.width);
  pen.drawImage(drawn, edge, edge + line);
  writeKey(pen, named, edge, edge + line * 1.6 + drawn.height, colours, ratio);
  return new Promise((done, refuse) => {
    canvas.toBlob((blob) => (blob ? done(blob) : refuse(new Error('This window can not write pictures'))), 'image/png');
  });
}
