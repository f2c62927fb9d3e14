/**
 * The machine's own npm, for an app that looks for it on the PATH: what it fetched is kept between runs, since it is large. Its source of
 * packages can be out of reach, and its disk full: then it says what npm 11 said on one of 60 MB (addresses are left out), and ends as it did.
 */
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { target } from '../../../scripts/command.js';

/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:9/';
const DISK_FULL = `npm http fetch GET 200 https://packages.invalid/openclaw/-/openclaw-2026.9.6.tgz 423ms (cache miss)
npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write
npm warn tar zlib: unexpected end of file
npm error code ENOSPC
npm error syscall write
npm error errno -28
npm error nospc ENOSPC: no space left on device, write
npm error nospc There appears to be insufficient space on your system to finish.
npm error nospc Clear up some disk space and try again.
`;
const DISK_FULL_CODE = 228;

/** Undefined where this machine has no npm. */
export function borrowNpm() {
  const real = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm')).find(isProgram);
  if (!real) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-npm-'));
  const unplugged = join(folder, 'unplugged');
  const full = join(folder, 'full');
  const script = [
    '#!/bin/sh',
    `if [ -e '${full}' ]; then cat '${full}' >&2; exit ${DISK_FULL_CODE}; fi`,
    `if [ -e '${unplugged}' ]; then exec '${real}' "$@" --registry='${NOWHERE}' --fetch-retries=0; fi`,
    // The last of two wins: the app says a cache of its own.
    `exec '${real}' "$@" --cache '${join(target, 'npm-cache')}'`,
  ];
  writeFileSync(join(folder, 'npm'), `${script.join('\n')}\n`, { mode: 0o755 });
  return {
    path: `${folder}${delimiter}${process.env.PATH}`,
    unplug: () => writeFileSync(unplugged, ''),
    plug: () => rmSync(unplugged, { force: true }),
    fill: () => writeFileSync(full, DISK_FULL),
    free: () => rmSync(full, { force: true }),
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
