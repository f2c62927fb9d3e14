/** A test of many steps: after one that failed the others say nothing, and the window is photographed. */

/** `app` is asked for each time: a step may have started another one. */
export function story(t, app) {
  let broken = false;
  return (name, body) =>
    t.test(name, async (step) => {
      if (broken) return step.skip('an earlier step failed');
      broken = true;
      await body().catch(async (error) => {
        await app().screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => undefined);
        throw error;
      });
      broken = false;
    });
}
