import { plan } from '../operations/plan.ts';
import { toPlanJson } from '../report/json.ts';
import { renderPlan } from '../report/render.ts';
import { exitOfPlan } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface PlanFlags extends SharedFlags {
  readonly detailedExitcode?: boolean;
  readonly records?: boolean;
  readonly full?: boolean;
}

export function runPlan(flags: PlanFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const records = flags.records ?? false;
    const made = await plan(session.project, { ...commandOptions(flags, session), full: flags.full ?? false });
    const exitCode = exitOfPlan(made, flags.detailedExitcode ?? false);
    session.output.progress.end();
    report?.write(toPlanJson(made, { records }));
    session.output.result(
      toPlanJson(made, { records }),
      (options) => renderPlan(made, { ...options, records }),
      exitCode,
    );
    return exitCode;
  });
}
