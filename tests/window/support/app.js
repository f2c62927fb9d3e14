/**
 * The real app in the real window, driven by WebKitWebDriver.
 * Belongs here: starting, ending and killing it, and questions about the page that wait for their answer.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { remote } from 'webdriverio';

/** How long a condition may take, in milliseconds. */
export const PATIENCE = 30_000;
export const screenshots = process.env.NINEHEADS_SCREENSHOTS ?? join('target', 'screenshots');

const axe = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** A person's own folders: what the app keeps between starts. */
export function makeHome() {
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-home-'));
  // WebKit's helpers may still write while they end.
  const remove = () => until(() => (rmSync(folder, { recursive: true, force: true }), true), 'the folder can be removed');
  return { folder, remove };
}

/**
 * Starts the app and returns when its page answers.
 * @param {{ home: { folder: string }, env?: Record<string, string>, width?: number, height?: number, program?: string }} options
 */
export async function openApp({ home, env = {}, width = 1280, height = 800, program = process.env.NINEHEADS_APP }) {
  const port = await freePort();
  const folders = foldersIn(home);
  const driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: ['ignore', 'ignore', process.env.NINEHEADS_NOISY ? 'inherit' : 'ignore'],
    env: { ...process.env, ...folders, TAURI_WEBVIEW_AUTOMATION: 'true', ...env },
  });
  await until(() => fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok, () => false), 'the driver answers');
  let browser;
  try {
    browser = await remote({
      hostname: '127.0.0.1',
      port,
      path: '/',
      logLevel: 'error',
      connectionRetryCount: 0,
      connectionRetryTimeout: 30_000,
      capabilities: {
        'wdio:enforceWebDriverClassic': true,
        'webkitgtk:browserOptions': { binary: program, args: [] },
      },
    });
  } catch (error) {
    const started = childOf(driver.pid, program);
    if (started) process.kill(started, 'SIGKILL');
    driver.kill('SIGKILL');
    throw error;
  }
  const pid = await until(() => childOf(driver.pid, program), 'the app has a process');
  const app = new App(browser, driver, pid);
  await app.size(width, height);
  return app;
}

/** Where a person's folders are, and what else the surroundings say. */
export function foldersIn(home) {
  const folders = {
    XDG_DATA_HOME: join(home.folder, 'data'),
    XDG_CONFIG_HOME: join(home.folder, 'config'),
    XDG_CACHE_HOME: join(home.folder, 'cache'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return { ...folders, MESA_SHADER_CACHE_DISABLE: 'true', LANG: 'en_US.UTF-8' };
}

export class App {
  constructor(browser, driver, pid) {
    this.browser = browser;
    this.driver = driver;
    this.pid = pid;
  }

  /** Ends the app as a system does that is shut down: in order. The driver would end it without a word. */
  async close() {
    if (isAlive(this.pid)) process.kill(this.pid, 'SIGTERM');
    await until(() => !isAlive(this.pid), 'the app has ended', 10_000).catch(() => undefined);
    await this.#gone();
  }

  /** Ends the app without a word: kill -9. */
  async kill() {
    process.kill(this.pid, 'SIGKILL');
    await until(() => !isAlive(this.pid), 'the app is gone');
    await this.#gone();
  }

  async #gone() {
    this.driver.kill('SIGKILL');
    if (isAlive(this.pid)) process.kill(this.pid, 'SIGTERM');
    await until(() => !isAlive(this.pid), 'the app has ended').catch(() => process.kill(this.pid, 'SIGKILL'));
  }

  /** Runs a function in the page. */
  run(script, ...values) {
    return this.browser.execute(script, ...values);
  }

  /** Gives the window a size and waits until the page has it. */
  async size(width, height) {
    await this.browser.setWindowSize(width, height);
    // WebKit applies media queries some time after it has the new width: the sidebar shows when it has.
    await this.when(`the page is ${width} wide`, (wide) => {
      const sidebar = document.querySelector('aside');
      return document.documentElement.clientWidth === wide && (!sidebar || sidebar.clientWidth > 100 === wide >= 1000);
    }, width);
    await this.#painted();
  }

  /** Two frames: what changed has been laid out and painted. */
  #painted() {
    return this.browser.executeAsync((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
  }

  /** Waits until a function in the page returns something true, and returns that. */
  when(what, script, ...values) {
    return until(() => this.run(script, ...values), what);
  }

  /** Waits for an element by role and name as a screen reader would find it. */
  async find(role, name, { exact = true } = {}) {
    return until(async () => {
      const selector = SELECTORS[role] ?? `[role="${role}"]`;
      for (const element of await this.browser.$$(selector)) {
        if (!(await element.isDisplayed().catch(() => false))) continue;
        const label = (await this.run(accessibleName, element).catch(() => '')) ?? '';
        if (exact ? label === name : label.includes(name)) return element;
      }
      return undefined;
    }, `there is a ${role} “${name}”`);
  }

  /** Finds it and presses it; while it is shut, is drawn anew or has something lying above it, it is found again. */
  click(role, name, options) {
    return until(async () => {
      const element = await this.find(role, name, options);
      if (!(await element.isEnabled())) return undefined;
      await element.click();
      return element;
    }, `“${name}” can be pressed`);
  }

  async fill(name, text, role = 'textbox') {
    const element = await this.find(role, name, { exact: false });
    await element.click();
    await this.browser.keys(['Control', 'a']);
    await this.browser.keys('Delete');
    await element.addValue(text);
    return element;
  }

  /** Presses keys together; text is typed into its element with `addValue`. */
  keys(keys) {
    return this.browser.keys(keys);
  }

  /** Waits until the page shows a text. */
  async sees(text) {
    try {
      return await this.when(`the page says “${text}”`, (wanted) => document.body.innerText.includes(wanted), text);
    } catch (error) {
      const shown = await this.run(() => document.body.innerText).catch(() => '');
      throw new Error(`${error.message}; it says:\n${shown.slice(0, 3000)}`, { cause: error });
    }
  }

  /** Goes to an address of the app as a link would. */
  async goTo(path) {
    const stays = await this.run((to) => {
      const stays = location.pathname === to.split(/[?#]/)[0];
      // The screen it already shows takes the keyboard once more when it has arrived.
      if (stays) document.activeElement?.blur();
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
      link.remove();
      return stays;
    }, path);
    if (stays) await this.when(`${path} has arrived`, () => document.activeElement !== document.body);
    await this.when(`the address is ${path}`, (to) => (location.pathname + location.search).startsWith(to.split('?')[0]), path);
  }

  /** A picture of the window, two frames after the last change. */
  async screenshot(name) {
    await this.#painted();
    const file = join(screenshots, `${name}.png`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(await this.browser.takeScreenshot(), 'base64'));
    return file;
  }

  /** Waits until nothing moves but what always does. */
  still() {
    return until(async () => {
      const moving = await this.run(() => document.getAnimations()
        // What is folded away never gets on with its transitions in WebKit.
        .filter(({ effect }) => effect.getTiming().iterations !== Infinity && (effect.target?.checkVisibility() ?? true))
        .map((one) => `${one.transitionProperty ?? one.animationName} of ${one.effect.target?.outerHTML.slice(0, 120)}`));
      if (moving.length > 0) throw new Error(moving.join('; '));
      return true;
    }, 'nothing moves');
  }

  /** What axe finds wrong by WCAG 2.2 AA, one line each. What fades in or out has no contrast for a moment: a fault is found at each look. */
  async violations() {
    let found = await this.#lookByAxe();
    for (let looks = 1; found.length > 0 && looks < 3; looks += 1) found = await this.#lookByAxe();
    return found;
  }

  async #lookByAxe() {
    await this.still();
    await this.run(axe);
    const found = await this.browser.executeAsync((done) => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      window.axe.run(document, { runOnly: { type: 'tag', values: tags } }).then(
        ({ violations }) => done(violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => `${node.target} ${node.failureSummary}`) }))),
        (error) => done([{ id: 'axe', help: String(error), at: [] }]),
      );
    });
    return found.map(({ id, help, at }) => `${id}: ${help}\n    ${at.slice(0, 4).join('\n    ')}`);
  }
}

/** Asks again and again until the answer is true. */
export async function until(ask, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  let trouble;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (Date.now() > end) throw new Error(`waited in vain until ${what}${trouble ? `: ${trouble.message}` : ''}`);
    await new Promise((next) => setTimeout(next, 25));
  }
}

const SELECTORS = {
  button: 'button, [role="button"]',
  link: 'a[href]',
  textbox: 'input:not([type=checkbox]):not([type=radio]), textarea',
  combobox: '[role="combobox"]',
  checkbox: 'input[type=checkbox], [role="checkbox"]',
  heading: 'h1, h2, h3',
  tab: '[role="tab"], nav a[href]',
  radio: '[role="radio"], label:has(input[type=radio])',
  menuitem: '[role="menuitem"]',
};

/** Runs in the page: the name a screen reader would say, near enough for a test. */
function accessibleName(element) {
  const words = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const by = element.getAttribute('aria-labelledby');
  if (by) return words(by.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  if (element.getAttribute('aria-label')) return words(element.getAttribute('aria-label'));
  if (element.labels?.length) return words(element.labels[0].textContent);
  const shown = words(element.innerText || element.textContent);
  return shown || words(element.getAttribute('title') ?? element.getAttribute('placeholder'));
}

/** The first child of a process that is the app itself and no helper of WebKit's. */
function childOf(parent, program) {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      if (!new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status)) continue;
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')[0].endsWith(basename(program))) return Number(name);
    } catch {
      // It ended while we looked.
    }
  }
  return undefined;
}

function isAlive(pid) {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
