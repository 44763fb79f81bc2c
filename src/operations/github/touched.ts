import { join } from 'node:path';
import { documentAddress } from '../../engine/address.ts';
import { shownPath, sizeRefusals } from '../../engine/config/tree.ts';
import type { ConfigTree } from '../../engine/config/tree.ts';
import type { Address } from '../../engine/types.ts';
import type { CommittedDirectory, Repository } from '../../git/repository.ts';
import { sealsOf } from '../change.ts';
import { loadTree } from '../project.ts';

/** What each document was at a commit: what it compiled to, and the file that it stood in. */
type Documents = ReadonlyMap<Address, string>;

/** Which documents each commit of a history touched. */
export interface TouchedHistory {
  /**
   * Documents that are others after a commit than before it, those that are gone among them. None where the configuration
   * is not valid after it: the commit that mends that touches all.
   */
  touched(commit: string, parent: string | undefined): Promise<readonly Address[]>;
}

export function openTouched(repository: Repository, directory: string, cwd: string): TouchedHistory {
  const loaded = new Map<string, Promise<Documents | undefined>>();

  async function documentsAt(commit: string): Promise<Documents | undefined> {
    const committed = await repository.directoryAt(commit);
    return committed ? documentsIn(committed, directory, cwd) : new Map();
  }

  function remembered(commit: string): Promise<Documents | undefined> {
    const known = loaded.get(commit) ?? documentsAt(commit);
    loaded.set(commit, known);
    return known;
  }

  return {
    async touched(commit, parent) {
      if (parent !== undefined && (await isSameConfig(repository, commit, parent))) return [];
      const after = await remembered(commit);
      if (!after) return [];
      const before = parent === undefined ? new Map<Address, string>() : await remembered(parent);
      // What an invalid configuration held nobody knows: all that is valid now counts as touched.
      const addresses = new Set([...after.keys(), ...(before?.keys() ?? [])]);
      return [...addresses].filter((address) => after.get(address) !== before?.get(address)).sort();
    },
  };
}

async function isSameConfig(repository: Repository, commit: string, parent: string): Promise<boolean> {
  const [one, other] = await Promise.all([repository.directoryAt(commit), repository.directoryAt(parent)]);
  return namesOf(one) === namesOf(other);
}

function namesOf(directory: CommittedDirectory | undefined): string {
  return JSON.stringify(directory?.files.map(({ name, id }) => [name, id]) ?? []);
}

async function documentsIn(
  committed: CommittedDirectory,
  directory: string,
  cwd: string,
): Promise<Documents | undefined> {
  const refusals = sizeRefusals(await committed.sizes());
  const tree: ConfigTree = { files: refusals.length === 0 ? await committed.contents() : [], refusals };
  const loaded = await loadTree(directory, cwd, tree);
  if (!loaded) return undefined;
  const seals = sealsOf(loaded.documents, loaded.estate);
  const contents = new Map(committed.files.map(({ name, id }) => [shownPath(cwd, join(directory, name)), id]));
  return new Map(
    loaded.documents.map((document) => {
      const address = documentAddress(document);
      return [address, `${seals.get(address)} ${contents.get(document.source.file)}`];
    }),
  );
}
