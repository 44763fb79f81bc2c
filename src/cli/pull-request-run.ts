import type { Plan, ValidateResult } from '../engine/types.ts';
import { errorComment, invalidComment, planComment } from '../github/bodies/plan-comment.ts';
import { errorSummary, invalidSummary, planSummary } from '../github/bodies/summary.ts';
import type { PlanCommentFacts } from '../github/bodies/facts.ts';
import { keepComment } from '../github/comment.ts';
import { pullRequestOf, readEvent } from '../github/context.ts';
import type { PullRequestEvent } from '../github/context.ts';
import { GithubContextError, GithubError } from '../github/errors.ts';
import { findDrift } from '../github/issue.ts';
import type { Posted } from '../github/posted.ts';
import { fetchHead, findHead } from '../operations/pull-request.ts';
import type { PullRequestSource } from '../operations/pull-request.ts';
import type { Project } from '../operations/project.ts';
import type { ErrorReport } from '../report/options.ts';
import { toReport } from './errors.ts';
import { SCOPE, openGithubRun, posting, writeSummary } from './github-run.ts';
import type { GithubRun } from './github-run.ts';

/** A maintainer's word that one commit of a fork may be planned at the accounts. */
const PLAN_LABEL = 'trueup:plan';

export interface PullRequestFlags {
  readonly config: string;
  readonly base?: string;
  readonly comment?: boolean;
  readonly head?: boolean;
  readonly offline?: boolean;
}

/** A plan on a pull request: where its configuration comes from, and who is told. */
export interface PullRequestRun {
  readonly source: PullRequestSource | undefined;
  /** Nothing of the accounts may be asked. */
  readonly isOffline: boolean;
  /** The plan as readers of the repository may see it; it has a digest of its own then. */
  show(project: Project, plan: Plan): Promise<Plan>;
  /** Writes the summary of the job and, unless Settings forbid it, the comment. */
  planned(plan: Plan, settings: PlanPosting): Promise<Posted | undefined>;
  invalid(result: ValidateResult, settings: Pick<PlanPosting, 'comment'>): Promise<void>;
  failed(report: ErrorReport, settings: Pick<PlanPosting, 'comment'>): Promise<void>;
}

/** `spec.github` of Settings, as far as a plan heeds it. */
interface PlanPosting {
  readonly comment: boolean;
  readonly driftLabels: readonly string[];
}

interface Surroundings {
  readonly open?: (environment: NodeJS.ProcessEnv) => GithubRun;
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/**
 * What the runner's environment says of the pull request that a plan is for.
 * @throws GithubContextError where a flag needs one and there is none.
 */
export async function openPullRequestRun(
  flags: PullRequestFlags,
  note: (text: string) => void,
  { open = openGithubRun, environment = process.env, cwd = process.cwd() }: Surroundings = {},
): Promise<PullRequestRun> {
  const isAsked = flags.comment === true || flags.head === true || flags.offline === true;
  const event = pullRequestOf(readEvent(environment));
  if (isAsked && !event) {
    throw new GithubContextError('--comment, --head and --offline are for the event of a pull request');
  }
  const run = flags.comment === true || flags.head === true ? open(environment) : undefined;
  const isOffline = flags.offline === true || (isAsked && event !== undefined && isStrange(event));
  const told = flags.comment === true && run && event ? { run, event } : undefined;
  const facts = {
    scope: SCOPE,
    head: event?.head ?? '',
    ...(run?.run && { run: run.run }),
    ...(event?.into !== undefined && { into: event.into }),
  };
  if (told) await dropLabel(told.run, told.event, note);
  const source = event && (await sourceOf(flags, event, run, { isAsked, cwd }).catch(tellAndThrow));

  async function tellAndThrow(error: unknown): Promise<never> {
    await tellFailure(toReport(error).report, true);
    throw error;
  }

  async function tellFailure(raw: ErrorReport, isWanted: boolean): Promise<void> {
    const report = run ? await run.redacted(raw) : raw;
    writeSummary(() => errorSummary(report, facts), note);
    if (isWanted) await comment(errorComment(report, facts), false);
  }

  async function comment(body: string, onlyEdit: boolean): Promise<Posted | undefined> {
    if (!told) return undefined;
    const { run: there, event: about } = told;
    const request = { pull: about.number, scope: SCOPE, body, onlyEdit };
    return posting(note, async () => {
      const moved = await movedOn(there, about);
      if (moved === undefined) return keepComment(there.github, there.clock, request);
      note(`GitHub: nothing is written there, since ${moved}`);
      return { action: 'unchanged', reason: moved };
    });
  }

  return {
    source,
    isOffline,
    async show(project, plan) {
      return run ? (await run.redaction(project)).plan(plan) : plan;
    },
    async planned(plan, settings) {
      const elsewhere = told && (await driftElsewhere(told.run, settings.driftLabels));
      const all: PlanCommentFacts = { ...facts, ...(isOffline && { offline: true }), ...(elsewhere && { elsewhere }) };
      writeSummary(() => planSummary(plan, all), note);
      return settings.comment ? comment(planComment(plan, all), isQuiet(plan)) : undefined;
    },
    async invalid(raw, settings) {
      const result = run ? await run.redacted(raw) : raw;
      writeSummary(() => invalidSummary(result, facts), note);
      if (settings.comment) await comment(invalidComment(result, facts), false);
    },
    failed: (report, settings) => tellFailure(report, settings.comment),
  };
}

async function sourceOf(
  { config, base, head }: PullRequestFlags,
  event: PullRequestEvent,
  run: GithubRun | undefined,
  { isAsked, cwd }: { readonly isAsked: boolean; readonly cwd: string },
): Promise<PullRequestSource | undefined> {
  if (head && run) return fetchHead(run.github, event, { directory: config, cwd });
  if (base !== undefined) return undefined;
  return findHead(event, config).catch((error: unknown) => {
    if (isAsked || !(error instanceof GithubContextError)) throw error;
    return undefined;
  });
}

/** A fork's configuration is planned at the accounts only for the commit that a maintainer labels (threats T41). */
function isStrange({ isFork, label }: PullRequestEvent): boolean {
  return isFork && label !== PLAN_LABEL;
}

/** A run of an old event, or of one that is long merged, does not speak over what is said there now. A clause. */
async function movedOn({ github }: GithubRun, { number, head }: PullRequestEvent): Promise<string | undefined> {
  try {
    const now = await github.get<{ state: string; head: { sha: string } }>(`/pulls/${number}`);
    if (now.head.sha !== head) return `the pull request is at ${now.head.sha} by now`;
    return now.state === 'open' ? undefined : 'the pull request is closed';
  } catch (error) {
    if (error instanceof GithubError) return undefined;
    throw error;
  }
}

/** The label was for what it was set on: another commit needs it anew. */
async function dropLabel({ github }: GithubRun, event: PullRequestEvent, note: (text: string) => void): Promise<void> {
  if (event.action !== 'synchronize' || !event.labels.includes(PLAN_LABEL)) return;
  await posting(note, async () => {
    await github.send('DELETE', `/issues/${event.number}/labels/${encodeURIComponent(PLAN_LABEL)}`);
    return { action: 'updated' };
  });
}

/** Whoever was told nothing need not be told that there is nothing. */
function isQuiet({ actions, guards, findings, documents }: Plan): boolean {
  const all = [...findings, ...documents.flatMap((document) => document.findings)];
  return actions.length === 0 && guards.length === 0 && all.every(({ severity }) => severity === 'info');
}

/** What the drift issue says: a plan looks at nothing but what changes. */
async function driftElsewhere(
  { github }: GithubRun,
  labels: readonly string[],
): Promise<{ readonly objects: number; readonly url?: string } | undefined> {
  try {
    const found = await findDrift(github, { scope: SCOPE, labels });
    return found && { objects: found.objects, url: found.url };
  } catch {
    return undefined;
  }
}
