/** What `npm start` does where nobody can see a window: walks through the first minutes and leaves pictures. */
import { makeHome, openApp, screenshots } from './support/app.js';
import { DEMO, fillWizard, startDemo } from './support/steps.js';

const home = makeHome();
const app = await openApp({ home, env: DEMO });
const shot = async (name, words) => {
  await app.screenshot(`walk-${name}`);
  console.log(`  ${name.padEnd(12)} ${words}`);
};
try {
  await app.sees('Try the demo on this computer');
  await shot('1-welcome', 'the first screen: the demo, or a platform');
  await startDemo(app);
  await shot('2-fleet', 'the demo: twelve simulated agents on this computer');
  await fillWizard(app, 'Orchard');
  await shot('3-review', 'a deploy, just before it is sent');
  await app.click('button', 'Deploy');
  await app.sees('bootstrap 2 of 4');
  await shot('4-progress', 'on its way');
  await app.sees('“Orchard” is ready');
  await shot('5-ready', 'it runs');
  await app.click('link', 'Open the instance', { exact: false });
  await app.sees('Capabilities');
  await shot('6-overview', 'the instance');
  console.log(`The pictures are in ${screenshots}.`);
} finally {
  await app.close();
  await home.remove();
}
