/** Pictures of one state in both themes and both sizes, made while a test is there: `<screen>-<light|dark>-<size>.png`. */

const SIZES = [[1280, 800], [900, 600]];
const THEMES = ['light', 'dark'];

/** Returns how many there are. The theme is the page's own attribute, as the preference sets it. Afterwards the window is as it was. */
export async function pictures(app, screen) {
  for (const [width, height] of SIZES) {
    await app.size(width, height);
    for (const theme of THEMES) {
      await app.run((wanted) => (document.documentElement.dataset.theme = wanted), theme);
      await app.still();
      await app.screenshot(`${screen}-${theme}-${width}x${height}`);
    }
  }
  await app.run(() => (document.documentElement.dataset.theme = 'light'));
  await app.size(...SIZES[0]);
  return SIZES.length * THEMES.length;
}
