/**
 * What the display shows, read from the memory in which it is drawn. Belongs here: when some lines of pixels changed, and to what.
 * Does not belong here: which lines, and what they mean.
 */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/** The moment, in the clock that pages have as well. */
export const now = () => performance.timeOrigin + performance.now();

/** One line of pixels through a rectangle. @typedef {{ x: number, y: number, width: number }} Line */

export class Screen {
  constructor(file = process.env.NINEHEADS_SCREEN) {
    this.file = openSync(file, 'r');
    const head = Buffer.alloc(100);
    readSync(this.file, head, 0, head.length, 0);
    const at = (field) => head.readUInt32BE(field * 4);
    // The header, then the colour map of twelve bytes each, then the pixels.
    this.start = at(0) + at(19) * 12;
    this.width = at(4);
    this.height = at(5);
    this.stride = at(12);
  }

  close() {
    closeSync(this.file);
  }

  /** @param {Line[]} lines */
  read(lines) {
    const all = Buffer.alloc(lines.reduce((sum, { width }) => sum + width * 4, 0));
    let into = 0;
    for (const { x, y, width } of lines) {
      readSync(this.file, all, into, width * 4, this.start + y * this.stride + x * 4);
      into += width * 4;
    }
    return all;
  }

  /** Looks at every millisecond until `enough` says so of what was seen: each picture with the moment it was first there. */
  async watch(lines, enough) {
    const seen = [{ at: now(), picture: this.read(lines) }];
    for (;;) {
      const picture = this.read(lines);
      if (!picture.equals(seen.at(-1).picture)) seen.push({ at: now(), picture });
      if (enough(seen, now())) return seen;
      await new Promise((next) => setTimeout(next, 1));
    }
  }

  /** All of it, for a person. */
  save(file) {
    const image = new PNG({ width: this.width, height: this.height });
    const row = Buffer.alloc(this.width * 4);
    for (let y = 0; y < this.height; y += 1) {
      readSync(this.file, row, 0, row.length, this.start + y * this.stride);
      for (let x = 0; x < this.width; x += 1) {
        const to = (y * this.width + x) * 4;
        [image.data[to], image.data[to + 1], image.data[to + 2], image.data[to + 3]] = [row[x * 4 + 2], row[x * 4 + 1], row[x * 4], 255];
      }
    }
    writeFileSync(file, PNG.sync.write(image));
  }
}

/** When the picture became what it stayed; none where nothing changed. */
export function settledAt(seen) {
  if (seen.length < 2) return undefined;
  const { picture } = seen.at(-1);
  return seen.find((one) => one.picture.equals(picture)).at;
}
