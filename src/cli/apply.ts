import { createInterface } from 'node:readline/promises';
import type { Plan } from '../engine/types.ts';
import { applySummary } from '../github/bodies/summary.ts';
import { applyNotice } from '../notify/apply-notice.ts';
import { apply } from '../operations/apply.ts';
import { applyReviewed } from '../operations/github/apply-reviewed.ts';
import { renderApply, renderPlan } from '../report/render.ts';
import { isWanted } from './confirmation.ts';
import { parseEndpoint } from './endpoint.ts';
import { CliError, usageError } from './errors.ts';
import { exitOfApply, exitOfPlan } from './exit-codes.ts';
import { openGithubRun, writeSummary } from './github-run.ts';
import type { GithubRun } from './github-run.ts';
import { heeding } from './interruption.ts';
import type { Interruption } from './interruption.ts';
import { openReportFile } from './output.ts';
import type { Output } from './output.ts';
import { noticeFacts, ownRunUrl, tell, tellingIfBroken } from './notices.ts';
import { readPlanFile } from './plan-file.ts';
import { tellReviewers } from './reviewers.ts';
import { commandOptions, withSession } from './session.ts';
import type { Session, SharedFlags } from './session.ts';

export interface ApplyFlags extends SharedFlags {
  readonly plan?: string;
  readonly yes?: boolean;
  readonly unreviewed?: boolean;
  readonly reviewed?: boolean;
  readonly records?: boolean;
}

export async function runApply(flags: ApplyFlags): Promise<number> {
  if (flags.reviewed) return runReviewedApply(flags);
  const reviewed = flags.plan === undefined ? undefined : await readPlanFile(flags.plan);
  if (!reviewed) refuseUnseenApply(flags);
  return heeding((interruption) =>
    withSession(flags, (session) => applyAndTell(flags, session, { reviewed, interruption })),
  );
}

async function applyAndTell(
  flags: ApplyFlags,
  session: Session,
  { reviewed, interruption }: { readonly reviewed: Plan | undefined; readonly interruption: Interruption },
): Promise<number> {
  const { output } = session;
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const url = ownRunUrl();
  const { plan, result } = await tellingIfBroken(session, url, (onHeld) =>
    apply(session.project, {
      ...commandOptions(flags, session),
      ...(reviewed && { reviewed }),
      ...(!reviewed && !flags.yes && { confirm: (fresh: Plan) => confirm(fresh, session) }),
      stop: interruption.stop,
      onHeld,
    }),
  );
  output.progress.end();
  if (!result) {
    report?.discard();
    const exitCode = exitOfPlan(plan, false);
    output.note('Nothing was changed.');
    return exitCode;
  }
  for (const finding of plan.documents.flatMap(({ findings }) => findings)) {
    if (finding.code === 'source-not-reachable-yet') output.note(`${finding.document}: ${finding.message}`);
  }
  const exitCode = exitOfApply(result, interruption.signal(), plan);
  saying(output, () => report?.write(result));
  saying(output, () =>
    output.result(result, (options) => renderApply(result, { ...options, plan: reviewed ?? plan }), exitCode),
  );
  await tell(session, 'apply', applyNotice(result, { ...noticeFacts(session, url), plan: reviewed ?? plan }));
  return exitCode;
}

/** After a merge: what was reviewed is looked up, and what became of it is written to where it was reviewed. */
async function runReviewedApply(flags: ApplyFlags): Promise<number> {
  if (flags.plan !== undefined || flags.yes || flags.only || flags.exclude || flags.base !== undefined) {
    throw usageError('--reviewed goes with no --plan, --yes, --only, --exclude or --base');
  }
  const run = openGithubRun();
  return heeding((interruption) =>
    withSession(flags, (session) => applyReviewedAndTell(flags, session, { run, interruption })),
  );
}

async function applyReviewedAndTell(
  flags: ApplyFlags,
  session: Session,
  { run, interruption }: { readonly run: GithubRun; readonly interruption: Interruption },
): Promise<number> {
  const { output, project } = session;
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const url = run.run?.url;
  const applied = await tellingIfBroken(session, url, (onHeld) =>
    applyReviewed(project, run.github, run.context, {
      ...commandOptions(flags, session),
      cwd: process.cwd(),
      stop: interruption.stop,
      onHeld,
    }),
  );
  output.progress.end();
  const exitCode = exitOfApply(applied.result, interruption.signal());
  const comments = project.settings.github.comment ? await tellReviewers(applied, run, output.note) : [];
  const result = { ...applied.result, github: { comments } };
  const [first] = applied.parts;
  const shown = applied.parts.length === 1 && first ? { plan: first.review.plan } : {};
  writeSummary(() => applySummary(applied.result, shown.plan), output.note);
  saying(output, () => report?.write(result));
  saying(output, () =>
    output.result(result, (options) => renderApply(applied.result, { ...options, ...shown }), exitCode),
  );
  await tell(session, 'apply', applyNotice(applied.result, { ...noticeFacts(session, url), ...shown }));
  return exitCode;
}

/** What was done is done: a report that cannot be written any more changes no exit code (threats F19). */
function saying(output: Output, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    output.note(`The report is lost: ${error.message}`);
  }
}

/** Without a reviewed plan somebody must see it, say so aloud, or work where nothing is real. */
function refuseUnseenApply(flags: ApplyFlags): void {
  const isTerminal = (process.stdin.isTTY ?? false) && (process.stdout.isTTY ?? false);
  if (!flags.yes) {
    if (isTerminal && flags.format === 'text') return;
    throw usageError(
      'apply needs a reviewed plan',
      'trueup plan --out plan.json, then trueup apply --plan plan.json; or --yes',
    );
  }
  if (parseEndpoint(flags.endpoint).kind === 'embedded') return;
  const isCi = Boolean(process.env['CI']);
  if (!isCi && (isTerminal || flags.unreviewed)) return;
  throw usageError(
    'apply --yes without --plan would change real accounts and nobody has seen the plan',
    isCi ? 'in CI apply what was reviewed: trueup apply --plan FILE' : 'add --unreviewed to say so aloud',
  );
}

async function confirm(plan: Plan, { output }: Session): Promise<boolean> {
  output.progress.end();
  process.stdout.write(renderPlan(plan, output.render));
  return isWanted(plan, ask);
}

async function ask(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question('Apply this? Only "yes" is taken as yes: ');
  } finally {
    terminal.close();
  }
}
