/** The metrics of the core alone (P3, P5, P6, P9, P10, P15 to P17): a program in Rust measures them, its rows go into the same table. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs it for some metrics, all without names; each line it prints is a row. */
export async function measure({ report, names }) {
  const program = process.env.NINEHEADS_BENCH_CORE;
  if (!program) throw new Error('the part in Rust is not there');
  const running = spawn(program, names, { stdio: ['ignore', 'pipe', 'inherit'] });
  let rows = 0;
  createInterface({ input: running.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    rows += 1;
    report.row(JSON.parse(line));
  });
  const code = await new Promise((done, fail) => {
    running.once('error', fail);
    running.once('close', done);
  });
  if (code !== 0 || rows === 0) throw new Error(`the part in Rust ended with ${code} after ${rows} rows`);
}
