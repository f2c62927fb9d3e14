/** A test of many steps: after one that failed the others say nothing, and the window is photographed and read. */

/** Most characters of a page that go into a report. */
const READ = 4_000;

/** `app` is asked for each time: a step may have started another one. */
export function story(t, app) {
  let broken = false;
  return (name, body) =>
    t.test(name, async (step) => {
      if (broken) return step.skip('an earlier step failed');
      broken = true;
      await body().catch(async (error) => {
        await app().screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => undefined);
        // A picture stays on the machine that made it; words come with the report.
        await app().run((most) => `${location.pathname}\n${document.body.innerText.slice(-most)}`, READ).then((words) => console.error(`The window said at the end:\n${words}\n`), () => undefined);
        throw error;
      });
      broken = false;
    });
}
