/** The keyboard alone: where the focus is, going on to something by name, typing where there is no field. */
import assert from 'node:assert/strict';

/** What has the focus, by its name. */
export const focused = (app) => app.run(() => {
  const at = document.activeElement;
  const by = at?.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  return (at?.getAttribute('aria-label') || by || at?.labels?.[0]?.textContent || at?.innerText || at?.tagName || '').replace(/\s+/g, ' ').trim();
});

/** Goes on by Tab, or back, until something has the focus: by its name, or by what its name fits. */
export async function tabTo(app, name, { back = false, most = 80 } = {}) {
  for (let times = 0; times < most; times += 1) {
    const at = await focused(app);
    if (name instanceof RegExp ? name.test(at) : at === name) return;
    await app.keys(back ? ['Shift', 'Tab'] : 'Tab');
  }
  assert.fail(`Tab does not lead to “${name}”; it led to “${await focused(app)}”`);
}

/** Types key by key into whatever has the focus. */
export async function type(app, text) {
  for (const key of text) await app.browser.action('key').down(key).up(key).perform();
}

/** Replaces the text of the editor that is open, as one who selects all and types. */
export async function writeEditor(app, text) {
  const content = () => document.querySelector('.code-editor .host')?.shadowRoot?.querySelector('.cm-content');
  await app.when('the editor is there', content);
  await app.run(() => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-content').focus());
  await app.keys(['Control', 'a']);
  await app.keys('Delete');
  await type(app, text);
}
