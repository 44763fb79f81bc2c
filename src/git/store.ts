import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A repository in a directory of its own, which nobody else wrote anything into. */
export interface Store {
  readonly directory: string;
  /** Takes it away. */
  close(): void;
}

/**
 * An empty repository: a HEAD, a configuration and two folders make one (gitrepository-layout). No template, hook or
 * setting of anybody else is in it.
 *
 * @param format of object names: `sha1` or `sha256`
 */
export function createStore(format: 'sha1' | 'sha256'): Store {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-git-'));
  const inside = join(directory, '.git');
  for (const folder of ['objects', 'refs']) mkdirSync(join(inside, folder), { recursive: true });
  writeFileSync(join(inside, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(inside, 'config'), configOf(format));
  const close = (): void => {
    process.off('exit', close);
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', close);
  return { directory, close };
}

/** Version 1 of the format is the one that has extensions (repository-version). */
function configOf(format: 'sha1' | 'sha256'): string {
  const lines = ['[core]', 'repositoryformatversion = 1', 'bare = false', '[extensions]', `objectFormat = ${format}`];
  return lines.map((line) => `${line}\n`).join('');
}
