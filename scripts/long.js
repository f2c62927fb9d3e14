// What takes too long for every day: `npm run test:long` draws 100,000 schedules for the journal of deploys and kills the real app 200
// times. `--schedules N` and `--kills N` do fewer; the seeds are printed, and NINEHEADS_SEED repeats them.
import { parseArgs } from 'node:util';
import { everything, main, must } from './command.js';

main(async () => {
  const { values } = parseArgs({ options: { schedules: { type: 'string', default: '100000' }, kills: { type: 'string', default: '200' } } });
  process.env.NINEHEADS_SCHEDULES = values.schedules;
  process.env.NINEHEADS_KILLS = values.kills;
  await must('cargo', ['test', ...everything, '--lib', '--', '--nocapture', 'deploys::model']);
  await must('cargo', ['build', ...everything]);
  await must(process.execPath, ['scripts/window.js', 'test', 'killed_at_random']);
});
