// `npm run icons`: every size of the icon from the one drawing. Phones are not among our systems.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { main, npm, root } from './command.js';

main(async () => {
  await npm('exec', '--', 'tauri', 'icon', 'icons/icon.svg', '-o', 'icons');
  for (const phone of ['android', 'ios']) rmSync(join(root, 'icons', phone), { recursive: true, force: true });
});
