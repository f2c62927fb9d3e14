/** What instances used and cost: ranges, the chart and its table, the month's end, budgets, and the fleet's walk. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { focused, tabTo } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

const FLEET = 24;
const home = makeHome();
let platform;
let way;
let app;
let agents;

before(async () => {
  platform = await startPlatform({ fleet: FLEET });
  way = await openWay(platform.url);
  app = await openApp({ home });
  await connect(app, way.url, platform.keys.admin);
  await app.sees(`${FLEET} instances`);
  await app.click('button', 'Close');
  const { instances } = await platform.ask('/v1/instances');
  // The oldest have days to compare with.
  agents = instances.filter(({ status }) => status === 'running').sort((a, b) => a.created_at.localeCompare(b.created_at));
});
after(async () => {
  await app?.close();
  await way?.close();
  await platform?.stop();
  await home.remove();
});

const usageOf = ({ id }) => new RegExp(`/${id}/usage$`);
async function open({ id }, words = '') {
  await app.goTo(`/instances/${id}/usage${words}`);
  await app.when('it was read', () => document.querySelector('.usage')?.getAttribute('aria-busy') === 'false');
}
const days = (count) => app.when(`${count} days are drawn`, (wanted) => Number(document.querySelector('.plot[role=slider]')?.getAttribute('aria-valuemax')) === wanted - 1, count);
const reading = () => app.run(() => document.querySelector('.plot[role=slider]').getAttribute('aria-valuetext'));
const table = () => app.run(() => [...document.querySelectorAll('main table')].map((one) => [...one.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()))).find(([head]) => head[0].startsWith('Day')));
const utc = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const setBudget = async (amount) => {
  await app.when('the field has the focus', () => document.activeElement?.getAttribute('inputmode') === 'decimal');
  await app.keys(['Control', 'a']);
  await app.browser.$('input[inputmode=decimal]').addValue(amount);
  await app.keys('Enter');
};

test('one instance: ranges, comparison, the chart by keyboard, the table beside it', async (t) => {
  const step = story(t, () => app);
  const [agent] = agents;

  await step('thirty days with their sums, unit costs and what the month will cost', async () => {
    await open(agent);
    await days(30);
    const asked = await platform.ask(`/v1/instances/${agent.id}/usage?days=30`);
    const rows = await table();
    assert.equal(rows.length, 31);
    assert.equal(rows[1].at(-1), 'Not over yet');
    const [newest] = asked.daily.toReversed();
    assert.equal(rows[1][1], newest.cost_usd);
    await app.sees('per million');
    await app.sees('30 days before');
    await app.when('the month’s end has a band and a method', () => /Likely by the end of[\s\S]*Between \$[\d.,]+ and \$[\d.,]+, an 80.% band[\s\S]*full days/.test(document.querySelector('main').innerText));
    await assertAccessible(app, 'the usage');
    await pictures(app, 'usage');
  });

  await step('by keyboard alone: days, metric, comparison, and each day of the chart', async () => {
    await app.run(() => document.querySelector('main h1').focus());
    await app.keys('1');
    await days(7);
    await app.sees('on the 7 days before');
    await app.keys('m');
    await app.when('tokens are drawn', () => /^[^:]+: [\d,]+ tokens/.test(document.querySelector('.plot[role=slider]')?.getAttribute('aria-valuetext') ?? ''));
    await app.keys('c');
    await app.when('nothing is compared', () => location.search.includes('compare=0') && !document.querySelector('main').innerText.includes('days before'));
    await app.keys('c');
    await app.when('the days before are drawn', () => document.querySelector('.keys')?.innerText.includes('The 7 days before'));
    await app.run(() => document.querySelector('main h1').focus());
    await tabTo(app, await app.run(() => document.querySelector('.plot[role=slider]').getAttribute('aria-label')));
    const last = await reading();
    await app.keys('ArrowLeft');
    const before = await reading();
    assert.notEqual(before, last);
    const shown = Number(/: ([\d,]+) tokens/.exec(before)[1].replaceAll(',', ''));
    const rows = await table();
    assert.equal(Number(rows[2][3].replaceAll(',', '')), shown, 'the table says the same');
    await app.keys('Home');
    assert.equal(await app.run(() => document.querySelector('.plot[role=slider]').getAttribute('aria-valuenow')), '0');
    await pictures(app, 'usage-7-days');
  });

  await step('a free range; one that makes no sense stays typed and says why', async () => {
    await app.keys('4');
    const [from, to] = [utc(9), utc(3)];
    await app.run((value) => { const field = document.querySelectorAll('.range input[type=date], .range input:not([type=radio])'); field[0].value = value; field[0].dispatchEvent(new Event('input', { bubbles: true })); }, from);
    await app.run((value) => { const field = document.querySelectorAll('.range input[type=date], .range input:not([type=radio])'); field[1].value = value; field[1].dispatchEvent(new Event('input', { bubbles: true })); }, to);
    await app.when('the address is the range', (words) => location.search.includes(words), `from=${from}&to=${to}`);
    await days(7);
    await app.run((value) => { const field = document.querySelectorAll('.range input:not([type=radio])'); field[1].value = value; field[1].dispatchEvent(new Event('input', { bubbles: true })); }, utc(20));
    await app.sees('The range ends before it begins.');
    await assertAccessible(app, 'a range that ends before it begins');
    await pictures(app, 'usage-range');
  });
});

test('what the platform leaves out is no zero, and what it adds is shown', async (t) => {
  const step = story(t, () => app);
  const agent = agents[1];

  await step('gaps, other words for the same, and keys nobody knows', async () => {
    // Two days of three; the older one in other words, with a key of its own.
    way.spoil('GET', usageOf(agent), { json: { instance_id: agent.id, total_requests: 30, total_tokens: 3000, total_cost_usd: '0.30', unique_end_users: 2, daily: [
      { date: utc(3), requests: 10, tokens: 1000, cost: 0.1, cache_hits: 7 },
      { date: utc(1), requests: 20, tokens: 2000, cost_usd: '0.20', region: 'eu\u202e' },
    ] } });
    await open(agent, '?days=7');
    await days(7);
    const rows = await table();
    assert.ok(rows[0].includes('cache_hits'), rows[0].join());
    const gap = rows.find((row) => row.includes('No row'));
    assert.deepEqual(gap.slice(1, 5), ['–', '–', '–', '–']);
    assert.ok(!JSON.stringify(rows).includes('\u202e'), 'what turns text around is made visible');
    assert.ok(!(await app.run(() => document.querySelector('main').innerText)).includes('Likely by the end'), 'too little for a forecast');
    await assertAccessible(app, 'usage with gaps');
    await pictures(app, 'usage-gaps');
  });

  await step('nothing at all', async () => {
    way.mend();
    way.spoil('GET', usageOf(agents[2]), { json: { instance_id: agents[2].id, daily: [] } });
    await open(agents[2]);
    await app.sees('No usage yet');
    await pictures(app, 'usage-none');
    await assertAccessible(app, 'no usage');
  });

  await step('500, 403, and offline', async () => {
    way.mend();
    way.spoil('GET', usageOf(agents[3]), { status: 500 });
    await open(agents[3]);
    await app.sees('The usage could not be read');
    await pictures(app, 'usage-failed');
    way.mend();
    await app.click('button', 'Try again');
    await days(30);
    way.spoil('GET', usageOf(agents[4]), { status: 403, json: { detail: 'Not your instance' } });
    await open(agents[4]);
    await app.sees('This key may not read the usage');
    await pictures(app, 'usage-forbidden');
    way.mend();
    await way.down();
    await open(agents[3]);
    await app.click('button', 'Read again');
    await app.sees('From the cache');
    await days(30);
    await assertAccessible(app, 'usage without a platform');
    await pictures(app, 'usage-offline');
    await way.up();
    await app.click('button', 'Read again');
    await app.when('it is live again', () => !document.querySelector('main').innerText.includes('From the cache'));
  });
});

test('a budget warns where it is set, beside the way there, and once', async (t) => {
  const step = story(t, () => app);
  const [agent] = agents;

  await step('set by keyboard; what is no amount stays typed', async () => {
    await open(agent);
    await app.sees('None is set.');
    await app.keys('b');
    await setBudget('one,50');
    await app.sees('This is no amount.');
    await setBudget('0.01');
    await app.sees('The budget is used up');
    assert.equal(await focused(app), 'Change…');
    await app.when('the sidebar marks it', () => /1/.test(document.querySelector('aside a[href="/usage"] .count')?.innerText ?? ''));
    await assertAccessible(app, 'a budget that is used up');
    await pictures(app, 'usage-budget');
  });

  await step('one that is crossed while the app is open is told once', async () => {
    const other = agents[5];
    const now = (cost) => ({ change: (json) => ({ ...json, daily: json.daily.map((day) => ({ ...day, cost_usd: day.date === utc(0) ? cost : '0' })) }) });
    let back = way.spoil('GET', usageOf(other), now('1.00'));
    await open(other);
    await app.keys('b');
    await setBudget('10');
    await app.sees('Less than half used');
    back();
    back = way.spoil('GET', usageOf(other), now('9.00'));
    await app.click('button', 'Read again');
    await app.sees(`${other.agent_name}: 80 % of the budget is used`);
    await pictures(app, 'usage-crossed');
    back();
  });
});

test('the fleet: fetched one after the other, stopped, gone on with, the dearest first', async (t) => {
  const step = story(t, () => app);

  await step('what was read so far is said to be a part', async () => {
    await app.goTo('/usage');
    await app.when('it is a part', () => /From \d+ of 24 instances/.test(document.querySelector('main').innerText));
    await app.sees('the whole may be more');
    await pictures(app, 'fleet-usage-part');
  });

  await step('the walk shows its time, and stops', async () => {
    let go;
    way.spoil('GET', /\/usage$/, { until: new Promise((done) => (go = done)) });
    await app.run(() => document.querySelector('main h1').focus());
    await app.keys('f');
    await app.sees('Asked 0 of');
    await assertAccessible(app, 'a walk');
    await pictures(app, 'fleet-usage-walk');
    await app.keys('s');
    await app.sees('What was read stays.');
    go();
    way.mend();
  });

  await step('to its end: all of them, ten dearest, the budgets', async () => {
    await app.click('button', 'Fetch the rest');
    await app.sees(`From ${FLEET} of ${FLEET} instances`);
    await app.sees('From all instances');
    await app.sees('The 10 dearest');
    const costs = await app.run(() => [...document.querySelectorAll('ol .cost')].map((one) => Number(one.innerText.replace(/[$,]/g, ''))));
    assert.deepEqual(costs, costs.toSorted((a, b) => b - a));
    assert.equal(costs.length, 10);
    await app.keys('b');
    await setBudget('0.05');
    await app.when('the fleet is in the list, used up', () => /The fleet[\s\S]*The budget is used up/.test(document.querySelector('[role=region][aria-label=Budgets]').innerText));
    await assertAccessible(app, 'the fleet’s usage');
    await pictures(app, 'fleet-usage');
    await app.click('link', await app.run(() => document.querySelector('ol a').innerText));
    await app.when('it leads to the usage of that one', () => /^\/instances\/.+\/usage$/.test(location.pathname));
  });
});
