import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '../engine/config/tree.ts';
import type { ConfigTree } from '../engine/config/tree.ts';
import type { ValidateResult } from '../engine/types.ts';
import type { Answers } from '../init/answers.ts';
import { initFiles } from '../init/files.ts';
import { GITIGNORE, withIgnored } from '../init/gitignore.ts';
import { nextCommands } from '../init/next.ts';
import type { InitFile, InitResult } from '../init/result.ts';
import { packageRoot } from '../package-root.ts';
import { openConfigFile } from './config-file.ts';
import { InitError } from './errors.ts';
import { writeFresh } from './fresh-files.ts';
import type { FreshFile } from './fresh-files.ts';
import { checkTree, COMMON_SCHEMAS, SCHEMAS } from './project.ts';

const CONFIG = 'config';

/**
 * Writes the files of a new estate below a directory that exists. A file that is there stays as it is. Nothing is written
 * where the configuration would not be valid: then that is the result.
 *
 * @param now milliseconds since the epoch
 * @throws InitError where a file cannot be written; those that were are taken away again
 */
export async function init(directory: string, answers: Answers, now: number): Promise<InitResult | ValidateResult> {
  const wanted = initFiles(answers, {
    schemas: SCHEMAS,
    common: COMMON_SCHEMAS,
    workflow: (name) => shipped(`.github/workflows/${name}.yml`),
    template: (schema) => shipped(`schemas/${schema}.template.yaml`),
  });
  const files = [...wanted].map(([path, text]) => ({ path, text, state: stateOf(directory, path, text) }));
  const fresh = files.filter(({ state }) => state === 'written');
  const result = await checkTree(join(directory, CONFIG), await treeWith(directory, fresh), {
    cwd: process.cwd(),
    now,
  });
  if (!result.ok) return result;
  const ignored = ignoredIn(directory);
  writeFresh(directory, [...fresh, ...ignored.fresh], cannotWrite);
  const shown = [...files.map(({ path, state }): InitFile => ({ path, state })), ignored.extend()];
  return {
    format: 'trueup/init@1',
    files: shown.sort((a, b) => (a.path < b.path ? -1 : 1)),
    next: nextCommands(answers, shown),
  };
}

function shipped(path: string): string {
  return readFileSync(join(packageRoot(), path), 'utf8');
}

/** Commit of which this program was built; undefined: it was built from no checkout. */
export function builtCommit(): string | undefined {
  const path = join(packageRoot(), 'dist/commit');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function stateOf(directory: string, path: string, text: string): 'written' | 'same' | 'left' {
  const whole = join(directory, path);
  try {
    const found = lstatSync(whole, { throwIfNoEntry: false });
    if (!found) return 'written';
    return found.isFile() && readFileSync(whole, 'utf8') === text ? 'same' : 'left';
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** The configuration as it will be. */
async function treeWith(directory: string, fresh: readonly FreshFile[]): Promise<ConfigTree> {
  const folder = join(directory, CONFIG);
  const { files, refusals } = existsSync(folder) ? await readTree(folder) : { files: [], refusals: [] };
  const own = fresh
    .filter(({ path }) => path.startsWith(`${CONFIG}/`))
    .map(({ path, text }) => ({ name: path.slice(CONFIG.length + 1), bytes: Buffer.from(text) }));
  return { files: [...files, ...own].sort((a, b) => (a.name < b.name ? -1 : 1)), refusals };
}

/** The file of git that leaves out what trueup keeps: one of somebody else gets a line more. */
function ignoredIn(directory: string): { readonly fresh: readonly FreshFile[]; extend(): InitFile } {
  const path = join(directory, GITIGNORE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  const as = (state: InitFile['state']): InitFile => ({ path: GITIGNORE, state });
  if (!found) return { fresh: [{ path: GITIGNORE, text: withIgnored('') }], extend: () => as('written') };
  if (!found.isFile()) return { fresh: [], extend: () => as('left') };
  return {
    fresh: [],
    extend() {
      try {
        const opened = openConfigFile(path);
        const text = withIgnored(opened.text);
        if (text === opened.text) return as('same');
        opened.replace(text);
        return as('extended');
      } catch (cause) {
        throw cannotWrite(GITIGNORE, cause);
      }
    },
  };
}

function cannotWrite(path: string, cause: unknown): InitError {
  return new InitError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}
