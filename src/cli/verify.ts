import { realClock } from '../aws/clocks.ts';
import { createGithub } from '../github/client.ts';
import type { Github } from '../github/client.ts';
import { readContext } from '../github/context.ts';
import { GithubContextError } from '../github/errors.ts';
import { verify } from '../operations/verify.ts';
import { renderVerify } from '../report/render.ts';
import { usageError } from './errors.ts';
import { exitOfVerify } from './exit-codes.ts';
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

/** Looked at where it is asked for, and in a whole run wherever the environment says where the repository is. */
function repositoryOf({ github, only, exclude }: VerifyFlags): Github | undefined {
  const isKnown = Boolean(process.env['GITHUB_REPOSITORY'] && process.env['GITHUB_TOKEN']);
  if (!github && (!isKnown || only || exclude)) return undefined;
  try {
    return createGithub(readContext(process.env), realClock);
  } catch (error) {
    if (error instanceof GithubContextError) throw usageError(error.message, error.hint);
    throw error;
  }
}
