import { approve } from '../operations/approve.ts';
import { renderApprove } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { readPlanText } from './plan-file.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

interface ApproveFlags extends SharedFlags {
  /** Files. */
  readonly plan: readonly string[];
}

/** Reviewed plans, signed, beside the bundle that they were made of. */
export async function runApprove(flags: ApproveFlags): Promise<number> {
  const plans = await Promise.all(flags.plan.map(readPlanText));
  return withSession(flags, async (session) => {
    const { output, project } = session;
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await approve(project, { ...commandOptions(flags, session), plans });
    output.progress.end();
    report?.write(result);
    output.result(result, (options) => renderApprove(result, options), EXIT.ok);
    return EXIT.ok;
  });
}
