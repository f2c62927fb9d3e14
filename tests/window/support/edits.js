/** Edits that wait to be sent, and their review: the same on the screens of the platform configuration and of the models. */
import { until } from './app.js';

const BAR = 'section[aria-label="Pending edits"]';

export const pending = (app, words) => app.when(`${words} pending`, (bar, wanted) => document.querySelector(bar)?.innerText.includes(wanted), BAR, words);
export const nothingPending = (app) => app.when('nothing is pending', (bar) => !document.querySelector(bar), BAR);

/** Opens the review by its key, and waits until the platform was read again. */
export async function review(app, title) {
  await app.keys(['Control', 's']);
  await app.find('heading', title, { exact: false });
  await app.when('the platform was read again', () => document.querySelector('section.review')?.getAttribute('aria-busy') === 'false');
}
export const inReview = (app) => app.run(() => document.querySelector('section.review').innerText);

const isSendable = () => [...document.querySelectorAll('section.review footer button')].at(-1)?.disabled === false;
export const canSend = (app) => app.when('it can be sent', isSendable);

/** Asks again until the platform answers, as one who knows that it is back. */
export const tryUntilSendable = (app) => until(async () => {
  if (await app.run(isSendable)) return true;
  await app.run(() => [...document.querySelectorAll('section.review button')].find((one) => one.innerText.trim() === 'Try again')?.click());
  return false;
}, 'it can be sent');

/** Turns the switch of a name. */
export const toggle = (app, name) => app.run((wanted) => {
  const all = [...document.querySelectorAll('[role=switch]')];
  all.find((one) => document.getElementById(one.getAttribute('aria-labelledby')).innerText.trim() === wanted).click();
}, name);
