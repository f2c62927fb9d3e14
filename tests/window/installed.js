/** What `scripts/package-test.js` does with the app that a package has installed: opens it as a person does the first time, and ends it. */
import { openApp } from './support/app.js';
import { DEMO, startDemo } from './support/steps.js';

// The folder is the caller's, who looks what is left in it once the package is gone.
const app = await openApp({ home: { folder: process.env.NINEHEADS_PERSON }, env: DEMO });
try {
  await app.sees('Try the demo on this computer');
  await app.screenshot('installed-1-welcome');
  await startDemo(app);
  await app.screenshot('installed-2-fleet');
} finally {
  await app.close();
}
