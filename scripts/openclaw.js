// The real OpenClaw, installed and started: `npm run test:openclaw`. Takes some four minutes, a network and 1.5 GB of disk. The runtime
// stays in the target folder for the next run; `--fresh` fetches it into a folder of its own, and has it removed at the end as well. Where
// it can not be had, the test says SKIPPED and why.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { everything, main, must, target } from './command.js';

main(async () => {
  const { values, positionals } = parseArgs({ options: { fresh: { type: 'boolean', default: false } }, allowPositionals: true });
  if (values.fresh) delete process.env.NINEHEADS_OPENCLAW_FOLDER;
  else process.env.NINEHEADS_OPENCLAW_FOLDER = join(target, 'openclaw');
  const choice = ['--ignored', '--nocapture', '--test-threads=1', ...positionals];
  await must('cargo', ['test', ...everything, '--test', 'openclaw', '--', ...choice]);
});
