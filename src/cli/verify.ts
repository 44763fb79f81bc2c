import type { Github } from '../github/client.ts';
import { verify } from '../operations/verify.ts';
import { renderVerify } from '../report/render.ts';
import { exitOfVerify } from './exit-codes.ts';
import { openGithubRun } from './github-run.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface VerifyFlags extends SharedFlags {
  readonly github?: boolean;
}

export function runVerify(flags: VerifyFlags): Promise<number> {
  const repository = repositoryOf(flags);
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await verify(session.project, {
      ...commandOptions(flags, session),
      ...(repository && { repository }),
    });
    const exitCode = exitOfVerify(result);
    session.output.progress.end();
    report?.write(result);
    session.output.result(result, (options) => renderVerify(result, options), exitCode);
    return exitCode;
  });
}

/**
 * Looked at where it is asked for, and in a whole run wherever the environment says where the repository is.
 * @throws GithubContextError where it is asked for and the environment does not
 */
function repositoryOf({ github, only, exclude }: VerifyFlags): Github | undefined {
  const isKnown = Boolean(process.env['GITHUB_REPOSITORY'] && process.env['GITHUB_TOKEN']);
  const isWanted = github === true || (isKnown && !only && !exclude);
  return isWanted ? openGithubRun().github : undefined;
}
