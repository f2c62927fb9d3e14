// `npm run fuzz`: every fuzz target for ten minutes each, `--seconds N` for less, names for some of them. The Rust targets (fuzz/) take a
// nightly compiler and cargo-fuzz; the page's own (Markdown, ANSI) are run by vitest. What is found lies in fuzz/artifacts or fuzz/found:
// once mended, it belongs into fuzz/corpus, which the ordinary tests read.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { main, must, npm, Refused, root, target } from './command.js';

const RUST = ['replies', 'sse', 'urls', 'text'];
const PAGE = ['markdown', 'ansi'];

main(async () => {
  const words = process.argv.slice(2);
  const at = words.indexOf('--seconds');
  const seconds = at < 0 ? 600 : Number(words.splice(at, 2)[1]);
  if (!(seconds > 0)) throw new Refused('--seconds takes a number.');
  const wanted = words.length > 0 ? words : [...RUST, ...PAGE];
  const unknown = wanted.find((name) => ![...RUST, ...PAGE].includes(name));
  if (unknown) throw new Refused(`There is no target ${unknown}. There are: ${[...RUST, ...PAGE].join(', ')}.`);
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`${wanted.join(', ')}: ${seconds} s each, seed ${seed}`);

  const rust = RUST.filter((name) => wanted.includes(name));
  if (rust.length > 0 && spawnSync('cargo', ['+nightly', 'fuzz', '--version'], { cwd: root }).status !== 0) {
    throw new Refused('The Rust targets take a nightly compiler and cargo-fuzz: rustup toolchain install nightly; cargo install cargo-fuzz.');
  }
  for (const name of rust) {
    // What it makes up lies outside the project; what is committed is read, too.
    const made = join(target, 'fuzz-corpus', name);
    mkdirSync(made, { recursive: true });
    const options = ['--', `-max_total_time=${seconds}`, `-seed=${seed}`, '-timeout=5', '-max_len=8192', '-print_final_stats=1'];
    await must('cargo', ['+nightly', 'fuzz', 'run', '--target-dir', join(target, 'fuzz'), name, made, join('fuzz/corpus', name), ...options]);
  }
  const page = PAGE.filter((name) => wanted.includes(name));
  if (page.length > 0) {
    process.env.FUZZ_SECONDS = String(seconds);
    process.env.FUZZ_SEED = String(seed);
    await npm('run', 'test:ui', '--', 'src/lib/fuzz.test.ts', '-t', page.length === 1 ? page[0] : '');
  }
});
