import type { Plan } from '../engine/types.ts';
import { planAnnotations } from '../github/annotations.ts';
import { offlinePlan, plan } from '../operations/plan.ts';
import { toPlanJson } from '../report/json.ts';
import { renderPlan } from '../report/render.ts';
import { toReport } from './errors.ts';
import { EXIT, exitOfPlan } from './exit-codes.ts';
import { writeOutputs } from './github-run.ts';
import { createOutput, openReportFile } from './output.ts';
import { openPullRequestRun } from './pull-request-run.ts';
import type { PullRequestRun } from './pull-request-run.ts';
import { commandOptions, withSession } from './session.ts';
import type { Session, SharedFlags } from './session.ts';

export interface PlanFlags extends SharedFlags {
  readonly detailedExitcode?: boolean;
  readonly records?: boolean;
  readonly full?: boolean;
  readonly comment?: boolean;
  readonly head?: boolean;
  readonly offline?: boolean;
}

export async function runPlan(flags: PlanFlags): Promise<number> {
  const { note } = createOutput(flags);
  const run = await openPullRequestRun(flags, note);
  let settings = { comment: true };
  const verb = (session: Session): Promise<number> => {
    settings = session.project.settings.github;
    return planAndTell(flags, session, run);
  };
  try {
    return await withSession(flags, verb, {
      ...(run.source && { load: run.source.load }),
      async invalid(result, alone) {
        writeOutputs({ digest: '', changes: {}, exitCode: EXIT.invalid }, note);
        await run.invalid(result, alone?.github ?? settings);
      },
    });
  } catch (error) {
    const { report, exitCode } = toReport(error);
    writeOutputs({ digest: '', changes: {}, exitCode }, note);
    await run.failed(report, settings);
    throw error;
  }
}

async function planAndTell(flags: PlanFlags, session: Session, run: PullRequestRun): Promise<number> {
  const { output, project } = session;
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const records = flags.records ?? false;
  const made = await run.show(project, await makePlan(flags, session, run));
  const exitCode = exitOfPlan(made, flags.detailedExitcode ?? false);
  output.progress.end();
  report?.write(toPlanJson(made, { records }));
  const comment = await run.planned(made, project.settings.github);
  const document = toPlanJson(made, { records });
  const told = { ...document, ...(comment && { github: { ...made.github, comment } }) };
  output.result(told, (options) => renderPlan(made, { ...options, records }), exitCode);
  output.annotate(planAnnotations(made));
  writeOutputs({ digest: made.digest, changes: made.summary, exitCode }, output.note);
  return exitCode;
}

async function makePlan(flags: PlanFlags, session: Session, { source, isOffline }: PullRequestRun): Promise<Plan> {
  const options = { ...commandOptions(flags, session), full: flags.full ?? false };
  if (!source) return plan(session.project, options);
  const withPull = { ...options, pullRequest: source.pullRequest };
  return isOffline ? offlinePlan(session.project, withPull) : plan(session.project, withPull);
}
