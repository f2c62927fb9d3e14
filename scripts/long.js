// What takes too long for every day: `npm run test:long` draws 100,000 schedules for the journal of deploys, looks 5,000 times at a fleet of
// 10,000 that changes, and kills the real app 200 times. `--schedules N`, `--looks N` and `--kills N` do fewer. One seed is printed, and NINEHEADS_SEED
// repeats all of it.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { everything, main, must } from './command.js';

// Our own crates unoptimised spend a night of looks on reading JSON.
const quick = ['contract', 'core', 'platform'].flatMap((crate) => ['--config', `profile.dev.package.nineheads-${crate}.opt-level=2`]);

main(async () => {
  const times = (number) => ({ type: 'string', default: number });
  const { values } = parseArgs({ options: { schedules: times('100000'), looks: times('5000'), kills: times('200') } });
  process.env.NINEHEADS_SEED ??= String(randomInt(2 ** 31));
  console.log(`NINEHEADS_SEED=${process.env.NINEHEADS_SEED}`);
  process.env.NINEHEADS_SCHEDULES = values.schedules;
  process.env.NINEHEADS_LOOKS = values.looks;
  process.env.NINEHEADS_KILLS = values.kills;
  await must('cargo', ['test', ...everything, ...quick, '--lib', '--', '--nocapture', 'deploys::model']);
  await must('cargo', ['test', ...everything, ...quick, '--test', 'stories', '--', '--nocapture', '--ignored', 'soaking::']);
  await must('cargo', ['build', ...everything]);
  await must(process.execPath, ['scripts/window.js', 'test', 'killed_at_random']);
});
