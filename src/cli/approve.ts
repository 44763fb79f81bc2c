import { approve } from '../operations/approve.ts';
import { approveReviewed } from '../operations/github/approve-reviewed.ts';
import { renderApprove } from '../report/render.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { openGithubRun } from './github-run.ts';
import { openReportFile } from './output.ts';
import { readPlanText } from './plan-file.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

interface ApproveFlags extends SharedFlags {
  /** Files. */
  readonly plan?: readonly string[];
  readonly reviewed?: boolean;
}

/** Reviewed plans, signed, beside the bundle that they were made of. */
export async function runApprove(flags: ApproveFlags): Promise<number> {
  const { plan = [], reviewed = false } = flags;
  if (reviewed === plan.length > 0) {
    throw usageError(
      'approve takes either --plan FILE or --reviewed',
      'trueup plan --out plan.json writes such a file',
    );
  }
  const run = reviewed ? openGithubRun() : undefined;
  const plans = await Promise.all(plan.map(readPlanText));
  return withSession(flags, async (session) => {
    const { output, project } = session;
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const options = commandOptions(flags, session);
    const result = run
      ? await approveReviewed(project, run.github, run.context, { ...options, cwd: process.cwd() })
      : await approve(project, { ...options, plans });
    output.progress.end();
    report?.write(result);
    output.result(result, (shown) => renderApprove(result, shown), EXIT.ok);
    return EXIT.ok;
  });
}
