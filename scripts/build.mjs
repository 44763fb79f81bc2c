// Builds dist: CLI and library entries as one split ESM bundle, the handlers of functions, and the public types.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildHandlers } from './build-handlers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const SWAP_ATTEMPTS = 10;
// What is edited while this builds is newer than it.
const started = new Date();

// Built beside dist and put in its place whole: another process may be running from it.
const fresh = `dist.${process.pid}.tmp`;
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }));

await build({
  entryPoints: {
    cli: 'src/cli/main.ts',
    index: 'src/index.ts',
    embedded: 'src/embedded/index.ts',
    dns: 'src/dns/index.ts',
    schedule: 'src/schedule/index.ts',
    survival: 'src/survival/index.ts',
    // The program of a worker thread, which is loaded by its path (src/embedded/lambda/environment.ts).
    'execution-environment': 'src/embedded/lambda/worker/main.ts',
    // The same of survival run (src/operations/survival/worker-pool.ts).
    'survival-worker': 'src/operations/survival/worker.ts',
  },
  outdir: fresh,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  mainFields: ['module', 'main'],
  conditions: ['trueup-source'],
  legalComments: 'none',
  logLevel: 'warning',
  // Bundled CommonJS packages call require for Node's own modules.
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
  },
});

await buildHandlers(fresh);

const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', `${fresh}/types`], {
  stdio: ['ignore', 2, 2],
});
if (types.status !== 0) process.exit(types.status ?? 1);

const commit = commitOfCheckout();
if (commit !== undefined) writeFileSync(`${fresh}/commit`, `${commit}\n`);

writeFileSync(`${fresh}/.stamp`, '');
utimesSync(`${fresh}/.stamp`, started, started);
putInPlace();

/**
 * What `trueup init` puts behind `uses:`. Undefined where this is no checkout of its own: a folder below another
 * repository's would tell that one's commit.
 */
function commitOfCheckout() {
  // Variables of a hook, or of somebody's shell, would lead to another repository.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const { status, stdout } = spawnSync('git', ['rev-parse', '--show-toplevel', 'HEAD'], { env, encoding: 'utf8' });
  const [top, head] = status === 0 ? stdout.split(/\r?\n/) : [];
  const isOwn = top !== undefined && realpathSync(top) === realpathSync(root);
  return isOwn && /^[0-9a-f]{40}$/.test(head) ? head : undefined;
}

/** Two renames, as a directory that is not empty cannot be replaced in one; a build beside this one may come between. */
function putInPlace() {
  for (let attempt = 1; ; attempt += 1) {
    const old = `dist.${process.pid}.old.${attempt}.tmp`;
    try {
      if (existsSync('dist')) renameSync('dist', old);
      renameSync(fresh, 'dist');
      rmSync(old, { recursive: true, force: true, maxRetries: 5 });
      return;
    } catch (error) {
      rmSync(old, { recursive: true, force: true, maxRetries: 5 });
      if (attempt === SWAP_ATTEMPTS || !['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
    }
  }
}
