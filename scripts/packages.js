// Which system packages the project needs, and how each system gets them. Belongs here: names and hints.
// Does not belong here: cargo's and npm's packages, which their lock files name.
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { ask, must, Refused } from './command.js';

/** Debian's names for what building takes. */
const toBuild = [
  'build-essential',
  'pkg-config',
  'libssl-dev',
  'libwebkit2gtk-4.1-dev',
  'libayatana-appindicator3-dev',
];

/** And for what testing takes on top: a driver for the window, a display, a keystore, letters, Python, and who runs copied requests and reads a menu's entry. */
const toTest = [
  'webkit2gtk-driver',
  'xvfb',
  'xauth',
  'dbus',
  'gnome-keyring',
  'fonts-dejavu-core',
  'python3-venv',
  'curl',
  'desktop-file-utils',
];

/** Sentences for systems whose packages are not installed from here. */
const hints = {
  fedora:
    'sudo dnf group install c-development && sudo dnf install webkit2gtk4.1-devel openssl-devel libappindicator-gtk3-devel pkgconf',
  arch: 'sudo pacman -S --needed base-devel webkit2gtk-4.1 openssl libayatana-appindicator pkgconf',
};

/** Makes sure that the system has what building takes, and with `tests` what testing takes. */
export async function ensurePackages({ tests }) {
  if (process.platform === 'darwin') return checkMac();
  if (process.platform === 'win32') return checkWindows();
  if (ask('dpkg', ['--version']) === undefined) return checkOtherLinux();
  const missing = missingDebian(tests ? [...toBuild, ...toTest] : toBuild);
  if (missing.length > 0) await installDebian(missing);
}

function missingDebian(names) {
  // dpkg-query leaves out and complains about names it has never heard of; its exit code says nothing more.
  const known = ask('sh', ['-c', `dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' ${names.join(' ')} 2>/dev/null; :`]);
  const installed = new Set((known ?? '').split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]));
  return names.filter((name) => !installed.has(name));
}

async function installDebian(missing) {
  const sudo = process.getuid() === 0 ? [] : ['sudo'];
  const install = [...sudo, 'apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
  console.log(`Missing system packages:\n  ${install.join(' ')}`);
  if (sudo.length > 0 && ask('sudo', ['--version']) === undefined) {
    throw new Refused('Run the line above as root, then this again: there is no sudo here.');
  }
  if (!(await agreed())) throw new Refused('Nothing was installed. Run the line above, then this again.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const [program, ...args] of [[...sudo, 'apt-get', 'update'], install]) await must(program, args, { env });
}

async function agreed() {
  if (process.env.CI || !process.stdin.isTTY) return true;
  const question = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await question.question('Install them now? [Y/n] ');
  question.close();
  return !answer.trim().toLowerCase().startsWith('n');
}

function checkOtherLinux() {
  if (ask('pkg-config', ['--exists', 'webkit2gtk-4.1', 'openssl']) !== undefined) return;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const kind = Object.keys(hints).find((name) => new RegExp(`^ID(_LIKE)?=.*${name}`, 'm').test(release));
  const how = kind ? `Run: ${hints[kind]}` : `On Debian they are called: ${toBuild.join(' ')}`;
  throw new Refused(`WebKitGTK 4.1, OpenSSL or pkg-config is missing. ${how}`);
}

function checkMac() {
  if (ask('xcode-select', ['-p']) !== undefined) return;
  throw new Refused("Apple's command line tools are missing. Run: xcode-select --install");
}

function checkWindows() {
  if (ask('perl', ['-v']) !== undefined) return;
  throw new Refused(
    'The cache is encrypted with OpenSSL, which Windows does not bring and is built along. That takes Perl (strawberryperl.com) and the ' +
      'Visual Studio Build Tools, with C++ and a Windows SDK.',
  );
}
