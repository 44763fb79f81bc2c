import { iam } from '../operations/iam.ts';
import type { GithubFlags } from '../operations/iam.ts';
import { renderIam } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, openReportFile } from './output.ts';
import { loadProject } from './session.ts';
import type { SharedFlags } from './session.ts';

/** The policies of the roles by which this estate is planned and applied. Nothing is sent. */
export async function runIam(flags: SharedFlags & GithubFlags): Promise<number> {
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
  report?.write(result);
  output.result(result, (options) => renderIam(result, options), EXIT.ok);
  return EXIT.ok;
}
