import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerCode } from '../engine/types.ts';
import { packageRoot } from '../package-root.ts';
import { OWN_CODE_VARIABLE } from '../reconcilers/reconcile-loop/function-contract.ts';

/** The functions' code that ships with this trueup (scripts/build-handlers.mjs). */
export interface Handlers {
  /** @throws Error for a name that no handler has: a mistake in a kind. */
  readonly code: (name: string) => HandlerCode;
  /** The name of the handler with this hash; undefined: of another trueup. */
  readonly name: (sha256: string) => string | undefined;
  /** The zip with this hash; undefined: of another trueup. */
  readonly zip: (sha256: string) => Uint8Array | undefined;
}

/** What is known of a handler; of the one that reads this as its own code, only that. */
type Entry = { readonly sha256: string; readonly size: number } | { readonly own: true };

let installed: Handlers | undefined;

/** Read once: they do not change while trueup runs. */
export function installedHandlers(): Handlers {
  installed ??= handlersIn(packageRoot(), process.env[OWN_CODE_VARIABLE]);
  return installed;
}

/**
 * The handlers of an installed trueup, or those that the code of a function carries.
 *
 * @param ownCode SHA-256 of that function's zip, base64: it is told it, and does not hold itself.
 */
export function handlersIn(root: string, ownCode: string | undefined): Handlers {
  const folder = join(root, 'dist/handlers');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Readonly<Record<string, Entry>>;
  const nameOf = (sha256: string): string | undefined =>
    Object.entries(index).find(([, entry]) => 'sha256' in entry && entry.sha256 === sha256)?.[0];
  return {
    name: nameOf,
    code(name) {
      const entry = index[name];
      const sha256 = entry && ('own' in entry ? ownCode : entry.sha256);
      if (sha256 === undefined) throw new Error(`there is no handler ${name}`);
      return { sha256, version };
    },
    zip(sha256) {
      const name = nameOf(sha256);
      return name === undefined ? undefined : readFileSync(join(folder, `${name}.zip`));
    },
  };
}
