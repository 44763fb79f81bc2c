import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerCode } from '../engine/types.ts';
import { packageRoot } from '../package-root.ts';

/** The functions' code that ships with this trueup (scripts/build-handlers.mjs). */
export interface Handlers {
  /** @throws Error for a name that no handler has: a mistake in a kind. */
  readonly code: (name: string) => HandlerCode;
  /** The name of the handler with this hash; undefined: of another trueup. */
  readonly name: (sha256: string) => string | undefined;
  /** The zip with this hash; undefined: of another trueup. */
  readonly zip: (sha256: string) => Uint8Array | undefined;
}

type Index = Readonly<Record<string, { readonly sha256: string; readonly size: number }>>;

let installed: Handlers | undefined;

/** Read once: they do not change while trueup runs. */
export function installedHandlers(): Handlers {
  installed ??= readHandlers(join(packageRoot(), 'dist/handlers'));
  return installed;
}

function readHandlers(folder: string): Handlers {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index;
  const nameOf = (sha256: string): string | undefined =>
    Object.keys(index).find((known) => index[known]?.sha256 === sha256);
  return {
    name: nameOf,
    code(name) {
      const entry = index[name];
      if (entry === undefined) throw new Error(`there is no handler ${name}`);
      return { sha256: entry.sha256, version };
    },
    zip(sha256) {
      const name = nameOf(sha256);
      return name === undefined ? undefined : readFileSync(join(folder, `${name}.zip`));
    },
  };
}
