/** What the app has copied, pasted as a person would. */

/** Pastes into a field of its own and returns what came. */
export async function pasted(app) {
  const before = await app.run(() => {
    const field = document.createElement('textarea');
    field.id = 'pasted-by-a-test';
    field.setAttribute('aria-label', 'Pasted');
    field.style.setProperty('position', 'fixed');
    window.focusedBeforePaste = document.activeElement;
    document.body.append(field);
    field.focus();
    return document.activeElement === field;
  });
  if (!before) throw new Error('the field for pasting could not take the focus');
  await app.keys(['Control', 'v']);
  const text = await app.when('something is pasted', () => document.getElementById('pasted-by-a-test').value);
  await app.run(() => {
    document.getElementById('pasted-by-a-test').remove();
    window.focusedBeforePaste?.focus();
  });
  return text;
}
