// `npm start`: from a fresh clone to the open window. On a Linux machine without a display the window opens on a
// virtual one, is walked through from the first start to a finished deploy, and leaves its pictures behind.
import { built, everything, main, must, npm } from './command.js';
import { setup } from './setup.js';

main(async () => {
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  await setup({ tests: !display });
  await npm('run', '--silent', 'build:ui');
  await must('cargo', ['build', ...everything]);
  if (display) return must(built('nineheads-app'), []);
  console.log('\nThere is no display here: walking through the app on a virtual one.');
  await must(process.execPath, ['scripts/window.js', 'walk']);
});
