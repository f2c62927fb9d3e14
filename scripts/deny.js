// Asks cargo-deny about the crates we link: `node scripts/deny.js bans licenses sources`, or `advisories`.
import { join } from 'node:path';
import { main, must } from './command.js';
import { installPythonTools, pythonTools } from './setup.js';

main(async () => {
  await installPythonTools();
  await must(join(pythonTools, 'cargo-deny'), ['--workspace', 'check', ...process.argv.slice(2)]);
});
