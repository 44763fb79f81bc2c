import { join } from 'node:path';
import { policyFiles } from '../iam/files.ts';
import type { IamResult } from '../iam/result.ts';
import { iam } from '../operations/iam.ts';
import type { GithubFlags } from '../operations/iam.ts';
import { renderIam } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, makeDirectory, openReportFile } from './output.ts';
import { loadProject } from './session.ts';
import type { SharedFlags } from './session.ts';

interface IamFlags extends SharedFlags, GithubFlags {
  /** Directory of the policies as files. */
  readonly files?: string;
}

/** The policies of the roles by which this estate is planned and applied. Nothing is sent. */
export async function runIam(flags: IamFlags): Promise<number> {
  const output = createOutput(flags);
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const project = await loadProject(flags, output);
  if (!project) return EXIT.invalid;
  const { repository, repositoryId, ownerId, defaultBranch, environmentPlan, environmentApply } = flags;
  const github = {
    ...(repository !== undefined && { repository }),
    ...(repositoryId !== undefined && { repositoryId }),
    ...(ownerId !== undefined && { ownerId }),
    ...(defaultBranch !== undefined && { defaultBranch }),
    ...(environmentPlan !== undefined && { environmentPlan }),
    ...(environmentApply !== undefined && { environmentApply }),
  };
  const result = iam(project, { github });
  if (flags.files !== undefined) writeFiles(flags.files, result);
  report?.write(result);
  output.result(result, (options) => renderIam(result, options), EXIT.ok);
  return EXIT.ok;
}

function writeFiles(directory: string, result: IamResult): void {
  makeDirectory(directory);
  for (const { name, policy } of policyFiles(result)) {
    openReportFile(join(directory, name)).writeText(`${JSON.stringify(policy, null, 2)}\n`);
  }
}
