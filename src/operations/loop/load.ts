import { isConfigFile, sizeRefusals } from '../../engine/config/tree.ts';
import { loadConfig } from '../project.ts';
import type { Project } from '../project.ts';
import { LoopRefusal } from './refusal.ts';
import type { Fetched, LoopSettings } from './types.ts';

/** How many faults of a configuration a refusal names. */
const NAMED = 3;

/**
 * The configuration that was fetched, as every verb starts from it.
 * @throws LoopRefusal where it is not valid, of another estate, or of another account (threats T66)
 */
export async function loadFetched(
  { files, commit }: Fetched,
  { owner, account }: LoopSettings,
  { directory, now }: { readonly directory: string; readonly now: number },
): Promise<Project> {
  const own = files.filter(({ name }) => isConfigFile(name));
  const refusals = sizeRefusals(own.map(({ name, bytes }) => ({ name, size: bytes.length })));
  const tree = { files: refusals.length === 0 ? own : [], refusals };
  const { result, project } = await loadConfig(directory, {
    now,
    remote: { tree, checkout: { commit, dirty: false } },
  });
  if (!project) {
    const first = result.errors.slice(0, NAMED).map(({ code, file, line, message }) => {
      const place = file === null ? '' : `${file}:${line} `;
      return `${place}${code}: ${message}`;
    });
    throw new LoopRefusal('invalid', `the configuration is not valid for this version: ${first.join('; ')}`);
  }
  if (project.estate.firstOwner !== owner) {
    const message = `the configuration is of the estate ${project.estate.firstOwner}, and this loop is of ${owner}`;
    throw new LoopRefusal('other-estate', message);
  }
  if (project.defaultAccount.id !== account) {
    const message = `Settings name ${project.defaultAccount.id} as the default account, and this loop lives in ${account}`;
    throw new LoopRefusal('other-estate', message);
  }
  return project;
}
