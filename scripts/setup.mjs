// Makes a checkout runnable: `npm ci` when node_modules does not match the lock file, a build when dist is
// older than what it is made of. One process at a time does it, the others wait. No dependency but Node and npm.
// Says on stderr what it does.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const MINIMUM_NODE = [20, 19];
const BUILD_INPUTS = [
  'src',
  'schemas',
  'scripts/build.mjs',
  'scripts/build-handlers.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];

function readLock(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
}

/** What makes node_modules differ from the lock file, in words; undefined when nothing does. */
function installGap() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return 'node_modules is missing';
  const wanted = readLock('package-lock.json');
  const installed = readLock('node_modules/.package-lock.json');
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    const found = installed[path];
    if (!found) {
      if (entry.optional) continue;
      return `${path} is missing`;
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${path} is ${found.version}, the lock file says ${entry.version}`;
    }
    if (!entry.optional && !existsSync(join(root, path))) return `${path} was removed`;
  }
  const extra = Object.keys(installed).find((path) => !(path in wanted));
  return extra && `${extra} is not in the lock file`;
}

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return path.endsWith('.test.ts') ? 0 : stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isBuildStale() {
  const built = statSync(join(root, 'dist/.stamp'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return BUILD_INPUTS.some((input) => newest(join(root, input)) > built);
}

function run(command, args) {
  const shell = command === 'npm' && process.platform === 'win32';
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (status !== 0) process.exit(status ?? 1);
}

export function setup() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    console.error(`setup: trueup needs Node ${MINIMUM_NODE.join('.')} or newer, this is ${process.versions.node}`);
    process.exit(1);
  }
  if (!installGap() && !isBuildStale()) return;
  const release = lock(join(root, '.setup.lock'), () => console.error('setup: another process is at it, waiting'));
  // Whoever had the lock before may have done it all.
  const gap = installGap();
  if (gap) {
    console.error(`setup: ${gap}: npm ci`);
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (isBuildStale()) {
    console.error('setup: build');
    run(process.execPath, ['scripts/build.mjs']);
  }
  release();
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) setup();
