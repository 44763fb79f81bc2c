// Bundles every handler under src/runtime into one minified file and zips it, the same bytes wherever it is built: the
// hash of a handler depends on its sources and on nothing else. Writes handlers/<name>.zip and handlers/index.json.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const RUNTIME = 'src/runtime';

/** The handler that deploys the others: their zips lie in its own, which is made last, where an installed trueup has them. */
const CARRIER = 'reconcile-loop';

/** A fixed moment, the first that a zip can say; by local time, as a zip writes it. */
const MADE = new Date(1980, 0, 1);
/** -rw-r--r--, as Unix keeps it in a zip: Lambda must be able to read the file. */
const READABLE = { os: 3, attrs: (0o100644 << 16) >>> 0 };

/** @param files what lies in the zip beside the code, by path. */
async function bundle(name, files = {}) {
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
  const contents = { 'index.mjs': outputFiles[0].contents, ...files };
  return zipSync(
    Object.fromEntries(
      Object.entries(contents).map(([path, octets]) => {
        // A zip does not become smaller by being zipped.
        const level = path.endsWith('.zip') ? 0 : 9;
        return [path, [octets, { level, mtime: MADE, ...READABLE }]];
      }),
    ),
  );
}

/** What `installedHandlers` reads (src/operations/handlers.ts). No zip holds its own hash: its function is told it. */
function carriedFiles(zips, index) {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    'package.json': textOf({ name, version, type: 'module' }),
    'dist/handlers/index.json': textOf({ ...index, [CARRIER]: { own: true } }),
    ...Object.fromEntries(Object.entries(zips).map(([handler, zip]) => [`dist/handlers/${handler}.zip`, zip])),
  };
}

function textOf(value) {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** @param outdir the folder that gets `handlers/`. Paths are relative to the root of the sources. */
export async function buildHandlers(outdir) {
  const folder = join(outdir, 'handlers');
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(RUNTIME)
    .filter((name) => existsSync(join(RUNTIME, name, 'index.ts')))
    .sort();
  const index = {};
  const zips = {};
  for (const name of [...names.filter((one) => one !== CARRIER), ...names.filter((one) => one === CARRIER)]) {
    const zip = await bundle(name, name === CARRIER ? carriedFiles(zips, index) : {});
    writeFileSync(join(folder, `${name}.zip`), zip);
    index[name] = { sha256: createHash('sha256').update(zip).digest('base64'), size: zip.length };
    zips[name] = zip;
  }
  writeFileSync(join(folder, 'index.json'), textOf(index));
}
