/** A chat of 2,000 messages, and replies of 100 KB that come at 100 tokens a second: opened, scrolled, typed in meanwhile. */
import { keepChat } from './front.js';
import { memoryOf } from './memory.js';
import { compare } from './numbers.js';
import { rest, scroll, scrollInTurn, type, watchTasks } from './page.js';

/** Each has a question and an answer. */
const TURNS = 1000;
/** The first 96,000 characters come at once, the rest at the pace of an agent: what a word costs then is what it costs at the end of the reply. */
const LONG = '{"head":96000,"tokens":1100,"pace":100}';
const SCROLLER = '.turns';
const TEXT = 'what is typed now';

export async function measure({ app, front, instance, report }) {
  keepChat(front, instance.id);
  const begun = Date.now();
  await app.goTo('/instances');
  await fill(app, instance.id);
  report.note(`chat: ${TURNS} questions and ${TURNS} answers, sent one by one in ${Math.round((Date.now() - begun) / 1000)} s`);
  await rest(1500);
  const idle = await watchTasks(app, () => rest(3000));
  report.control('nothing happens (chat)', idle);

  await app.goTo(`/instances/${instance.id}`);
  const tab = await app.find('tab', 'Chat');
  const opened = await watchTasks(app, async () => {
    await tab.click();
    await app.when('the newest is there', () => document.querySelector('.turns')?.innerText.includes('question '));
  });
  report.tasks('chat of 2,000 messages opens', [opened], idle, null);
  report.time('chat: pressed → newest there', [opened.after]);
  await rest(1000);

  const { list, plain } = await scrollInTurn(app, SCROLLER, -60, 80);
  report.frames('chat: scrolled by 60 px a frame', list, plain);
  const sizes = [memoryOf(app.pid)];
  for (let pass = 0; pass < 3; pass += 1) {
    const whole = await app.run((at) => document.querySelector(at).scrollHeight, SCROLLER);
    for (const step of [-1, 1]) await scroll(app, SCROLLER, (step * whole) / 80, 80);
    await rest(1000);
    sizes.push(memoryOf(app.pid));
  }
  report.memory('memory: the chat scrolled through once, twice, three times', sizes, 1.15);

  await streaming(app, report, idle);
}

/** Sends through the core, as the page does, without the page. */
function fill(app, id) {
  return app.browser.executeAsync((instance, count, done) => {
    const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
    const send = async () => {
      for (let at = 1; at <= count; at += 1) {
        await invoke('send_message', { id: instance, exchangeId: crypto.randomUUID(), text: `question ${at} of many, about the state of host-${at}`, onPart: `__CHANNEL__:${transformCallback(() => undefined)}` });
      }
    };
    send().then(() => done(true), (error) => done(String(error)));
  }, id, TURNS);
}

async function streaming(app, report, idle) {
  const [quiet, busy, still, frames, tasks] = [[], [], [], [], []];
  for (const streams of [false, true, true, false]) {
    const field = await app.find('textbox', 'Message', { exact: false });
    await field.click();
    await empty(app);
    if (streams) {
      await field.addValue(LONG);
      tasks.push(await watchTasks(app, async () => {
        await app.keys('Enter');
        await app.when('the reply comes', () => [...document.querySelectorAll('button')].some((button) => button.innerText.trim().startsWith('Stop')));
      }, 2000));
    }
    (streams ? frames : still).push(await scroll(app, SCROLLER, 0, 100));
    (streams ? busy : quiet).push(await type(app, TEXT));
    await empty(app);
    if (streams) await app.when('the reply is complete', () => ![...document.querySelectorAll('button')].some((button) => button.innerText.trim().startsWith('Stop')));
  }
  report.tasks('chat: a message goes out, 96 KB come at once, then 100 tokens a second', tasks, idle, null);
  report.keys('chat: typing while a reply of 96 to 100 KB comes, against nothing coming', compare(quiet, busy), 1.5);
  report.frames('chat: while that reply comes, against nothing coming', frames, still);
}

async function empty(app) {
  await app.keys(['Control', 'a']);
  await app.keys('Delete');
}
