import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findBundle } from './bundles.ts';
import { notEmbedded } from './errors.ts';
import type { StoredFunction } from './model.ts';
import { unzip } from './zip.ts';

/** Unpacked code, in private folders that are gone when the account is closed. */
export interface CodeFolders {
  /** The folder with a function's files. @throws NotEmbedded for code that may not run here. */
  folderOf(found: StoredFunction): string;
  remove(): void;
}

export function createCodeFolders(): CodeFolders {
  const folders = new Map<string, string>();

  function unpack(zip: Uint8Array): string {
    // Mode 0700, and a name that nobody can foresee.
    const folder = mkdtempSync(join(tmpdir(), 'trueup-function-'));
    for (const [path, content] of unzip(zip)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  }

  return {
    folderOf({ name, code: { sha256 } }) {
      const known = folders.get(sha256);
      if (known !== undefined) return known;
      const zip = findBundle(sha256);
      if (zip === undefined) {
        throw notEmbedded(
          `way to run the code of function ${name}: SHA-256 ${sha256} is no handler of this trueup, and no other code is run here`,
        );
      }
      const folder = unpack(zip);
      folders.set(sha256, folder);
      return folder;
    },
    remove() {
      for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
      folders.clear();
    },
  };
}
