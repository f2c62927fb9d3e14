/**
 * The machine's own npm, for an app that looks for it on the PATH: what it fetched is kept between runs, since it is large, and its
 * source of packages can be out of reach.
 */
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { target } from '../../../scripts/command.js';

/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:9/';

/** Undefined where this machine has no npm. */
export function borrowNpm() {
  const real = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm')).find(isProgram);
  if (!real) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-npm-'));
  const unplugged = join(folder, 'unplugged');
  const script = [
    '#!/bin/sh',
    `if [ -e '${unplugged}' ]; then exec '${real}' "$@" --registry='${NOWHERE}' --fetch-retries=0; fi`,
    // The last of two wins: the app says a cache of its own.
    `exec '${real}' "$@" --cache '${join(target, 'npm-cache')}'`,
  ];
  writeFileSync(join(folder, 'npm'), `${script.join('\n')}\n`, { mode: 0o755 });
  return {
    path: `${folder}${delimiter}${process.env.PATH}`,
    unplug: () => writeFileSync(unplugged, ''),
    plug: () => rmSync(unplugged, { force: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function isProgram(file) {
  if (!existsSync(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
