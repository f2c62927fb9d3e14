/** What a person does in more than one test. */
import assert from 'node:assert/strict';

/** A believable demo that hurries and does not fail. */
export const DEMO = { NINEHEADS_LOCAL_SPEED: '6', NINEHEADS_LOCAL_NO_FAILURES: '1' };

export async function startDemo(app) {
  await app.click('button', 'Start the demo');
  await app.sees('12 instances');
}

/** Connects on the first screen; what follows is the test's business. */
export async function connect(app, url, key) {
  await app.fill('Base URL', url);
  await app.fill('API key', key);
  await app.click('button', 'Connect');
}

/** Walks the wizard to its review. */
export async function fillWizard(app, name, { shots } = {}) {
  const shot = (step) => (shots ? app.screenshot(`${shots}-${step}`) : undefined);
  await app.goTo('/deploy?step=where');
  await app.fill('Region', 'eu-central', 'combobox');
  await app.keys('Tab');
  await app.click('button', 'Starter', { exact: false });
  await shot('where');
  await app.click('button', 'Next');
  await app.sees('What it is made from');
  await shot('what');
  await app.click('button', 'Next');
  await app.fill('Agent name', name);
  await shot('who');
  await app.click('button', 'Next');
  await app.sees('Website template');
  await shot('extras');
  await app.click('button', 'Next');
  await app.sees('The request');
  await shot('review');
}

/** Goes to the fleet and opens the row of a name. */
export async function openInstance(app, name) {
  await app.goTo('/instances');
  const search = await app.find('textbox', 'Search the fleet', { exact: false });
  await search.click();
  await app.browser.keys(['Control', 'a']);
  await search.addValue(name);
  await app.when(`the only row is ${name}`, (wanted) => {
    const rows = [...document.querySelectorAll('[role="row"][aria-rowindex]')].filter((row) => row.getAttribute('aria-rowindex') !== '1');
    return rows.length === 1 && rows[0].innerText.includes(wanted);
  }, name);
  await app.keys('ArrowDown');
  await app.keys('Enter');
  await app.when('the instance is open', () => /^\/instances\/.+/.test(location.pathname));
}

/** No screen may break a rule of WCAG 2.2 AA that a machine can see. */
export async function assertAccessible(app, screen) {
  const found = await app.violations();
  assert.deepEqual(found, [], `${screen}:\n${found.join('\n')}`);
}

/** Opens a list of choices and takes one of them. */
export async function chooseOption(app, field, option) {
  await app.click('combobox', field);
  await app.when(`${option} is offered`, (wanted) => [...document.querySelectorAll('[role=option]')].some((one) => one.innerText.trim() === wanted), option);
  await app.run((wanted) => {
    const found = [...document.querySelectorAll('[role=option]')].find((one) => one.innerText.trim() === wanted);
    found.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    found.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
    found.click();
  }, option);
}
