import type { DriftResult } from '../engine/types.ts';
import { driftIssue, goneComment, returnedComment } from '../github/bodies/drift-issue.ts';
import { driftSummary } from '../github/bodies/summary.ts';
import { keepIssue } from '../github/issue.ts';
import type { Posted } from '../github/posted.ts';
import { driftGoneNotice, driftOpenedNotice } from '../notify/drift-notice.ts';
import type { Notice } from '../notify/notice.ts';
import { drift } from '../operations/drift.ts';
import { renderDrift } from '../report/render.ts';
import { exitOfDrift } from './exit-codes.ts';
import { SCOPE, openGithubRun, posting, writeSummary } from './github-run.ts';
import type { GithubRun } from './github-run.ts';
import { noticeFacts, tell } from './notices.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { Session, SharedFlags } from './session.ts';

export interface DriftFlags extends SharedFlags {
  readonly detailedExitcode?: boolean;
  readonly records?: boolean;
  readonly issue?: boolean;
}

export function runDrift(flags: DriftFlags): Promise<number> {
  const run = flags.issue ? openGithubRun() : undefined;
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const looked = await drift(session.project, commandOptions(flags, session));
    const found = run ? (await run.redaction(session.project)).data(looked) : looked;
    const exitCode = exitOfDrift(found, flags.detailedExitcode ?? false);
    session.output.progress.end();
    const { github } = session.project.settings;
    const issue = run && (await tellIssue(found, run, github, session.output.note));
    await tell(session, 'plan', issue && driftNotice(looked, issue, session));
    const look = { at: new Date().toISOString(), ...(run?.run && { run: run.run }) };
    writeSummary(() => driftSummary(found, look), session.output.note);
    report?.write(found);
    const records = flags.records ?? false;
    const told = { ...found, ...(issue && { github: { issue } }) };
    session.output.result(told, (options) => renderDrift(found, { ...options, records }), exitCode);
    return exitCode;
  });
}

/** The issue remembers what was said already: only when it is opened, taken up again or closed is there news. */
function driftNotice(found: DriftResult, { action, url }: Posted, session: Session): Notice | undefined {
  const facts = noticeFacts(session, url);
  if (action === 'opened' || action === 'reopened') return driftOpenedNotice(found, facts);
  return action === 'closed' ? driftGoneNotice(found, facts) : undefined;
}

/** `spec.github` of Settings, as far as drift heeds it. */
interface DriftPosting {
  readonly driftIssue: boolean;
  readonly driftLabels: readonly string[];
}

/** Keeps the one drift issue true, unless Settings forbid it. */
export async function tellIssue(
  found: DriftResult,
  { github, clock, run }: GithubRun,
  { driftIssue: isWanted, driftLabels }: DriftPosting,
  note: (text: string) => void,
): Promise<Posted | undefined> {
  if (!isWanted) return undefined;
  const look = { at: new Date(clock.now()).toISOString(), ...(run && { run }) };
  const findings = found.findings.map((finding) =>
    isOpenMatter(finding) ? { ...finding, severity: 'warning' as const } : finding,
  );
  const { title, body, marker } = driftIssue({ ...found, findings }, { scope: SCOPE, ...look });
  const isDrifted = marker.objects + found.orphans.length + findings.filter(isOpenMatter).length > 0;
  const where = run ? `the [run](${run.url}) of ${look.at}` : `the run of ${look.at}`;
  return posting(note, () =>
    keepIssue(github, clock, {
      scope: SCOPE,
      labels: driftLabels,
      title,
      body: isDrifted ? body : undefined,
      unseen: found.complete ? undefined : `Could not look at everything in ${where}: this stays open.`,
      closing: goneComment(look),
      reopening: returnedComment(marker, look),
    }),
  );
}

/** What was merged, or pushed, and not applied is nobody's drift, and somebody must see it all the same. */
function isOpenMatter({ code }: DriftResult['findings'][number]): boolean {
  return code === 'not-applied';
}
