/** What the app has copied, pasted as a person would. */
import { until } from './app.js';

/** Pastes into a field of its own until what comes is what is waited for: copying takes its time. */
export async function pasted(app, wanted = /./) {
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
  const text = await until(async () => {
    await app.keys(['Control', 'a']);
    await app.keys(['Control', 'v']);
    const came = await app.run(() => document.getElementById('pasted-by-a-test').value);
    return wanted.test(came) && came;
  }, `${wanted} is pasted`);
  await app.run(() => {
    document.getElementById('pasted-by-a-test').remove();
    window.focusedBeforePaste?.focus();
  });
  return text;
}
