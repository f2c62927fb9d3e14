/** P11: how large what is shipped is: the program, and the script that the first page waits for. */
import { existsSync, statSync } from 'node:fs';
import { firstScript, largest } from '../../scripts/package.js';

const mega = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const kilo = (bytes) => `${Math.round(bytes / 1e3)} KB`;

export function measure({ report }) {
  const program = process.env.NINEHEADS_APP;
  const bare = process.env.NINEHEADS_BENCH_BARE;
  const size = statSync(program).size;
  report.row({
    id: 'P11', what: 'the program', measured: mega(size), control: bare && existsSync(bare) ? `a bare window: ${mega(statSync(bare).size)}` : '',
    goal: `≤ ${mega(largest.program)}`, verdict: /\/debug\//.test(program) ? 'no verdict' : size <= largest.program ? 'met' : 'missed', samples: { size },
  });
  const first = firstScript();
  report.row({
    id: 'P11', what: 'first JavaScript, gzip', measured: `${kilo(first.size)} in ${first.files} files`, goal: `≤ ${kilo(largest.script)}`,
    verdict: first.size <= largest.script ? 'met' : 'missed', samples: first,
  });
}
