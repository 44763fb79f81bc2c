import type { Address } from '../../engine/types.ts';
import type { CommittedDirectory, Repository } from '../../git/repository.ts';
import { configIn } from '../committed-config.ts';
import type { CommittedConfig } from '../committed-config.ts';

const NOTHING: CommittedConfig = { documents: new Map(), requireApprovals: 0 };

/** Which documents each commit of a history touched. */
export interface TouchedHistory {
  /**
   * Documents that compile to something else after a commit than before it, those that are gone among them. None where the
   * configuration is not valid after it: the commit that mends that touches all.
   */
  touched(commit: string, parent: string | undefined): Promise<readonly Address[]>;
  /** What the review of a document would be bound to at a commit; undefined: it was not there, or nothing is valid. */
  sealAt(commit: string, address: Address): Promise<string | undefined>;
  /** Approvals that the configuration of any of these commits asks for, the most of them. */
  requiredApprovals(commits: readonly string[]): Promise<number>;
}

export function openTouched(repository: Repository, directory: string, cwd: string): TouchedHistory {
  const loaded = new Map<string, Promise<CommittedConfig | undefined>>();

  async function configurationAt(commit: string): Promise<CommittedConfig | undefined> {
    const committed = await repository.directoryAt(commit);
    return committed ? configIn(committed, directory, cwd) : NOTHING;
  }

  function remembered(commit: string): Promise<CommittedConfig | undefined> {
    const known = loaded.get(commit) ?? configurationAt(commit);
    loaded.set(commit, known);
    return known;
  }

  return {
    async touched(commit, parent) {
      if (parent !== undefined && (await isSameConfig(repository, commit, parent))) return [];
      const after = await remembered(commit);
      if (!after) return [];
      // What an invalid configuration held nobody knows: all that is valid now counts as touched.
      const before = (parent === undefined ? undefined : await remembered(parent)) ?? NOTHING;
      const [now, then] = [after.documents, before.documents];
      return [...new Set([...now.keys(), ...then.keys()])].filter((one) => now.get(one) !== then.get(one)).sort();
    },
    async sealAt(commit, address) {
      return (await remembered(commit))?.documents.get(address);
    },
    async requiredApprovals(commits) {
      let most = 0;
      for (const [index, commit] of commits.entries()) {
        const later = commits[index - 1];
        if (later !== undefined && (await isSameConfig(repository, commit, later))) continue;
        most = Math.max(most, (await remembered(commit))?.requireApprovals ?? 0);
      }
      return most;
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
