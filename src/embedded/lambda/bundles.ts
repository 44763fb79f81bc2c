import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { codeSha256 } from './code.ts';

/** Code that was made in this process; by its hash. */
const registered = new Map<string, Uint8Array>();
/** Paths of the handlers that this trueup brings, by the hash of the zip; read at the first question. */
let installed: ReadonlyMap<string, string> | undefined;

/** Lets functions with this code run in this process. @returns the hash, as Lambda shows it */
export function registerBundle(zip: Uint8Array): string {
  const sha256 = codeSha256(zip);
  registered.set(sha256, zip);
  return sha256;
}

/** The code behind a hash; undefined: it is neither a handler of this trueup nor made in this process (threats T120). */
export function findBundle(sha256: string): Uint8Array | undefined {
  const known = registered.get(sha256);
  if (known !== undefined) return known;
  installed ??= installedHandlers();
  const path = installed.get(sha256);
  const zip = path === undefined ? undefined : readFileSync(path);
  return zip !== undefined && codeSha256(zip) === sha256 ? zip : undefined;
}

function installedHandlers(): ReadonlyMap<string, string> {
  const folder = join(packageRoot(), 'dist', 'handlers');
  return new Map(
    namesIn(folder)
      .filter((name) => name.endsWith('.zip'))
      .map((name) => join(folder, name))
      .map((path) => [codeSha256(readFileSync(path)), path]),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
