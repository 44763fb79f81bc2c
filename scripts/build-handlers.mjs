// Bundles every handler under src/runtime into one minified file and zips it, the same bytes wherever it is built: the
// hash of a handler depends on its sources and on nothing else. Writes handlers/<name>.zip and handlers/index.json.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const RUNTIME = 'src/runtime';

/** A fixed moment, the first that a zip can say; by local time, as a zip writes it. */
const MADE = new Date(1980, 0, 1);
/** -rw-r--r--, as Unix keeps it in a zip: Lambda must be able to read the file. */
const READABLE = { os: 3, attrs: (0o100644 << 16) >>> 0 };

async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [join(RUNTIME, name, 'index.ts')],
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['trueup-source'],
    legalComments: 'none',
    logLevel: 'warning',
    // Bundled CommonJS packages call require for Node's own modules.
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
    },
  });
  return zipSync({ 'index.mjs': [outputFiles[0].contents, { level: 9, mtime: MADE, ...READABLE }] });
}

/** @param outdir the folder that gets `handlers/`. Paths are relative to the root of the sources. */
export async function buildHandlers(outdir) {
  const folder = join(outdir, 'handlers');
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(RUNTIME)
    .filter((name) => existsSync(join(RUNTIME, name, 'index.ts')))
    .sort();
  const index = {};
  for (const name of names) {
    const zip = await bundle(name);
    writeFileSync(join(folder, `${name}.zip`), zip);
    index[name] = { sha256: createHash('sha256').update(zip).digest('base64'), size: zip.length };
  }
  writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
}
