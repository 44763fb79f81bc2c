import { documentAddress, documentOf } from '../../engine/address.ts';
import { digestOf } from '../../engine/digest.ts';
import { NOT_REVIEWED } from '../../engine/selection.ts';
import { summaryOf } from '../../engine/plan.ts';
import type { Address, ApplyResult, Outcome, Output, Plan, ReviewOutcome } from '../../engine/types.ts';
import type { Github } from '../../github/client.ts';
import type { GithubContext } from '../../github/context.ts';
import { GithubError, ReviewError, UnprotectedError } from '../../github/errors.ts';
import { readDefaultBranch } from '../../github/pulls.ts';
import type { DefaultBranch } from '../../github/pulls.ts';
import { apply } from '../apply.ts';
import type { ApplyOptions } from '../apply.ts';
import { plan as planOnly } from '../plan.ts';
import { loadConfig } from '../project.ts';
import type { Project } from '../project.ts';
import { PRIVATE, redactionOf } from './public.ts';
import { clockOf } from '../endpoint.ts';
import { findReviews, restrict } from './reviews.ts';
import type { Review, Reviews, Superseded, Unreviewed } from './reviews.ts';

/** What became of one merged pull request. */
export interface ReviewPart {
  readonly review: Review;
  readonly result: ApplyResult;
}

/** A change that nobody reviewed, and how it comes to be. */
export interface Unplanned extends Unreviewed {
  /** What to do so that it is planned; a command where there is one. */
  readonly again: string;
}

export interface ReviewedApply {
  /** All of it as one. */
  readonly result: ApplyResult;
  readonly parts: readonly ReviewPart[];
  /** Changes that nobody reviewed, as far as they would do anything. */
  readonly unreviewed: readonly Unplanned[];
  readonly superseded: readonly Superseded[];
  readonly touched: ReadonlySet<Address>;
  readonly branch: DefaultBranch;
}

export interface ReviewedApplyOptions extends Omit<ApplyOptions, 'reviewed' | 'confirm' | 'beforeWrites'> {
  readonly cwd: string;
}

/**
 * Applies what merged pull requests showed, one after another in the order of their merges, and nothing else: only at
 * the tip of the protected default branch, which is asked for again before anything is written (threats T45, T48, T49).
 *
 * @throws ReviewError where nothing can be verified; nothing was written then.
 * @throws UnprotectedError
 */
export async function applyReviewed(
  project: Project,
  github: Github,
  context: GithubContext,
  options: ReviewedApplyOptions,
): Promise<ReviewedApply> {
  const branch = await verified(() => readDefaultBranch(github));
  refuseOtherPlace(project, context, branch);
  const found = await verified(() =>
    findReviews(github, {
      directory: project.directory,
      cwd: options.cwd,
      branch,
    }),
  );
  const redaction = branch.isPublic
    ? redactionOf(project, String(branch.repositoryId), () => clockOf(options.endpoint).now())
    : undefined;
  const shown = redaction ?? PRIVATE;
  const parts: ReviewPart[] = [];
  let looked: { readonly plan: Plan; readonly result: ApplyResult | undefined } | undefined;
  let broken: Broken | undefined;
  for (const [index, review] of found.reviews.entries()) {
    if (options.stop?.aborted) break;
    try {
      const { plan, result, after } = await apply(await heldAgainst(project, review.before, options), {
        ...options,
        reviewed: restrict(review.plan, review.documents),
        ...(redaction && { shown: redaction }),
        beforeWrites: () => refuseOldTip(github, branch),
      });
      looked = { plan, result };
      if (!result) continue;
      const told = await withRivals(aboutReview(result, review, after), review, found);
      parts.push({ review, result: shown.data(told) });
    } catch (error) {
      // What was written for those before stands, and is said.
      if (parts.length === 0) throw error;
      broken = { left: found.reviews.slice(index), why: error instanceof Error ? error.message : String(error) };
      break;
    }
  }
  const isStopped = options.stop?.aborted === true || broken !== undefined;
  const unreviewed = isStopped ? [] : await acting(project, found, looked?.plan, options);
  return {
    result: combined(parts, { unreviewed, last: shown.data(looked?.result?.skipped ?? []), broken }),
    parts: parts.map((part) => withUnreviewed(part, unreviewed)),
    unreviewed: unreviewed.filter(({ pull }) => !parts.some(({ review }) => review.pull.number === pull?.number)),
    superseded: found.superseded,
    touched: found.touched,
    branch,
  };
}

/** Why an apply ended in the midst of several. */
interface Broken {
  readonly left: readonly Review[];
  readonly why: string;
}

/** Guards compare with what the branch was before the pull request, however much was merged since (threats T13). */
async function heldAgainst(project: Project, before: string, options: ReviewedApplyOptions): Promise<Project> {
  const now = clockOf(options.endpoint).now();
  const { project: held } = await loadConfig(project.directory, { cwd: options.cwd, base: before, now });
  if (held) return held;
  const { base: _base, ...rest } = project;
  return { ...rest, baseFault: `The configuration at ${before.slice(0, 12)} is not valid.` };
}

/** What of its own documents nobody reviewed belongs into what a pull request is told. */
function withUnreviewed({ review, result }: ReviewPart, unreviewed: readonly Unplanned[]): ReviewPart {
  const own = unreviewed.filter(({ pull }) => pull?.number === review.pull.number);
  if (own.length === 0) return { review, result };
  return { review, result: { ...result, outcome: 'stale', refused: [...result.refused, ...own.flatMap(refusalsOf)] } };
}

/** What is to do for other documents is not this pull request's business. */
function aboutReview(whole: ApplyResult, { documents }: Review, after: Plan | undefined): ApplyResult {
  const result = { ...whole, skipped: whole.skipped.filter(({ why }) => why !== NOT_REVIEWED) };
  if (!after || !result.replan) return result;
  const left = after.actions.filter(({ document }) => documents.has(document));
  const { complete } = result.replan;
  return { ...result, replan: { complete, summary: { ...summaryOf(left), unchanged: 0, kept: 0 } } };
}

/** A refusal says who came first. */
async function withRivals(result: ApplyResult, review: Review, { rivals }: Reviews): Promise<ApplyResult> {
  const refused = await Promise.all(
    result.refused.map(async ({ document, differences }) => {
      const others = await verified(() => rivals(review, document));
      return { document, differences: [...differences, ...others.map((message) => ({ id: document, message }))] };
    }),
  );
  return { ...result, refused };
}

/** What GitHub does not tell nobody can rely on. */
export async function verified<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    throw new ReviewError(
      `what was reviewed cannot be looked up: ${error.message}`,
      'run the job again when GitHub answers',
    );
  }
}

/** @throws ReviewError, UnprotectedError for anything but the tip of the protected default branch. */
export function refuseOtherPlace(
  { config }: Project,
  { ref, repositoryId }: GithubContext,
  branch: DefaultBranch,
): void {
  const { name, tip, isProtected } = branch;
  if (ref !== undefined && ref !== `refs/heads/${name}`) {
    throw new ReviewError(`${ref} is not the default branch ${name}`, 'only what was merged there is applied');
  }
  if (repositoryId !== undefined && repositoryId !== branch.repositoryId) {
    throw new ReviewError('the repository is another than that of the run', 'check GITHUB_REPOSITORY');
  }
  if (!isProtected) throw new UnprotectedError(`the default branch ${name} is not protected`);
  if (config.dirty) {
    throw new ReviewError(
      'the files of the configuration are not those of the commit',
      'check out the default branch anew',
    );
  }
  if (config.commit !== tip) throw oldTip(config.commit, branch);
}

async function refuseOldTip(github: Github, branch: DefaultBranch): Promise<void> {
  const { tip } = await verified(() => readDefaultBranch(github));
  if (tip !== branch.tip) throw oldTip(branch.tip, { ...branch, tip });
}

function oldTip(commit: string | null, { name, tip }: DefaultBranch): ReviewError {
  return new ReviewError(
    `${commit ?? 'nothing that is committed'} is not the tip of ${name}, which is ${tip}`,
    'the run for that commit applies both; a run that was started again checks out an old one',
  );
}

/** What nobody reviewed, where the world is not that way already. */
async function acting(
  project: Project,
  { unreviewed, touched, isCut }: Reviews,
  looked: Plan | undefined,
  options: ReviewedApplyOptions,
): Promise<readonly Unplanned[]> {
  if (unreviewed.length === 0 && !isCut) return [];
  const { actions } = looked ?? (await planOnly(project, options));
  const left = new Set(actions.map(({ document }) => document));
  const known = new Set([...touched, ...unreviewed.flatMap(({ documents }) => documents)]);
  const older = isCut ? [...left].filter((address) => !known.has(address)) : [];
  const why = 'it was changed longer ago than is looked back, and no apply has ended well since';
  return [...unreviewed, { commit: project.config.commit ?? '', pull: undefined, documents: older, why }]
    .map((one) => ({ ...one, documents: one.documents.filter((address) => left.has(address)) }))
    .filter(({ documents }) => documents.length > 0)
    .map((one) => ({ ...one, again: planAgain(project, one.documents) }));
}

/** A review of a merged pull request cannot be made up for: another one is, and touching a file asks for its plan. */
function planAgain({ documents }: Project, addresses: readonly Address[]): string {
  const declared = documents.filter((document) => addresses.includes(documentAddress(document)));
  const files = [...new Set(declared.map(({ source }) => `'${source.file.replaceAll("'", String.raw`'\''`)}'`))];
  if (files.length === 0) return 'put it back, and remove it in a pull request that is planned';
  return `plan it again: echo '# again' | tee -a ${files.join(' ')}, in a pull request: its plan is what a merge applies`;
}

/** Most telling first. */
const OUTCOMES: readonly Outcome[] = [
  'interrupted',
  'stale',
  'refused',
  'partial',
  'not-converged',
  'applied',
  'nothing',
];

/** @param last what the last apply skipped: only it knows what no review has. */
function combined(
  parts: readonly ReviewPart[],
  {
    unreviewed,
    last,
    broken,
  }: {
    readonly unreviewed: readonly Unplanned[];
    readonly last: ApplyResult['skipped'];
    readonly broken: Broken | undefined;
  },
): ApplyResult {
  const results = parts.map(({ result }) => result);
  const all = [
    ...results.map(({ outcome }) => outcome),
    ...(unreviewed.length > 0 ? (['stale'] as const) : []),
    ...(broken ? (['partial'] as const) : []),
  ];
  const final = results.at(-1);
  const outputs = results.flatMap((result) => result.outputs ?? []);
  const unsealed = new Set(unreviewed.flatMap(({ documents }) => documents));
  const reviews = parts.map(({ review, result }): ReviewOutcome => ({
    pull: review.pull.number,
    head: review.pull.head.sha,
    digest: result.digest,
    outcome: result.outcome,
  }));
  return {
    format: 'trueup/apply@1',
    digest: final?.digest ?? NOTHING,
    outcome: OUTCOMES.find((outcome) => all.includes(outcome)) ?? 'nothing',
    done: results.flatMap(({ done }) => done),
    failed: results.flatMap(({ failed }) => failed),
    skipped: [
      ...results.flatMap(({ skipped }) => skipped),
      ...(broken?.left ?? []).flatMap(({ documents }) => [...documents].map((id) => ({ id, why: broken?.why ?? '' }))),
      ...last.filter(({ id, why }) => why === NOT_REVIEWED && !unsealed.has(documentOf(id))),
    ],
    refused: [...results.flatMap(({ refused }) => refused), ...unreviewed.flatMap(refusalsOf)],
    guards: results.flatMap(({ guards }) => guards),
    replan: results.findLast(({ replan }) => replan !== null)?.replan ?? null,
    calls: final?.calls ?? {},
    ...(outputs.length > 0 && { outputs: latest(outputs) }),
    reviews,
  };
}

/** Each once, as it was said last: two pull requests may have touched one document. */
function latest(outputs: readonly Output[]): readonly Output[] {
  return [...new Map(outputs.map((output) => [`${output.document}/${output.name}`, output])).values()];
}

/** The digest of a plan of nothing. */
const NOTHING = digestOf({ format: 'trueup/plan@1', owner: '', documents: [], actions: [], guards: [], findings: [] });

function refusalsOf({ commit, documents, why, again }: Unplanned): ApplyResult['refused'] {
  const told = `${why}; ${again}`;
  return documents.map((document) => ({
    document,
    differences: [
      { id: document, message: `commit ${commit.slice(0, 12)} changed it, and nobody reviewed that: ${told}` },
    ],
  }));
}
