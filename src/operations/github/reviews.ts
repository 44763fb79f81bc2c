import { documentAddress } from '../../engine/address.ts';
import type { Address, Plan } from '../../engine/types.ts';
import { openHistory } from '../../git/history.ts';
import { openRepository } from '../../git/repository.ts';
import { isConfigFile, readTree } from '../../engine/config/tree.ts';
import { ForgedPlanError, artefactName, fetchPlan } from '../../github/artefact.ts';
import type { Github } from '../../github/client.ts';
import { ReviewError } from '../../github/errors.ts';
import { approvalsOf, lastApplied, pullOfCommit } from '../../github/pulls.ts';
import type { DefaultBranch, Pull } from '../../github/pulls.ts';
import { treeOf } from '../../github/tree.ts';
import { PlanDocumentError } from '../errors.ts';
import { parsePlan } from '../plan-document.ts';
import { insideRepository } from '../pull-request.ts';
import { openTouched } from './touched.ts';

/** Changes of the configuration that are looked back at. */
const MOST_COMMITS = 200;

/** A merged pull request, and what of its plan holds at the tip. */
export interface Review {
  readonly pull: Pull;
  /** The commit that brought it, or the last one of it. */
  readonly commit: string;
  /** The commit of the branch that it was merged onto. */
  readonly before: string;
  /** Its plan as it was reviewed. */
  readonly plan: Plan;
  /** Documents that it touched and that nobody touched after it. */
  readonly documents: ReadonlySet<Address>;
}

/** Documents as a commit made them, of which nobody reviewed a plan. */
export interface Unreviewed {
  readonly commit: string;
  readonly pull: Pull | undefined;
  readonly documents: readonly Address[];
  /** A clause. */
  readonly why: string;
}

/** A merged pull request of which nothing is left to apply: others changed all of it before an apply came to it. */
export interface Superseded {
  readonly pull: Pull;
  /** Number of the one that changed it last. */
  readonly by: number;
  readonly documents: readonly Address[];
}

export interface Reviews {
  /** In the order in which they were merged. */
  readonly reviews: readonly Review[];
  readonly unreviewed: readonly Unreviewed[];
  readonly superseded: readonly Superseded[];
  /** Every document that was touched since the last apply that ended well. */
  readonly touched: ReadonlySet<Address>;
  /** There were more changes than are looked back at: what is not in `touched` may have been changed too. */
  readonly isCut: boolean;
  /** What else touched a document after its plan was made and before that was merged. Clauses. */
  readonly rivals: (review: Review, document: Address) => Promise<readonly string[]>;
}

export interface ReviewsRequest {
  readonly directory: string;
  readonly cwd: string;
  readonly branch: DefaultBranch;
}

/**
 * What was reviewed of the configuration at the tip: for every document that was touched since the last apply that ended
 * well, the plan of the pull request that touched it last. A later touch ends an earlier review (threats T45); what came
 * without a pull request, or of which no plan can be relied on, was not reviewed.
 *
 * @throws ReviewError where the clone cannot tell.
 * @throws GithubError
 */
export async function findReviews(github: Github, request: ReviewsRequest): Promise<Reviews> {
  const { directory, cwd, branch } = request;
  const { files } = await readTree(directory);
  const repository = await openRepository(directory, files, isConfigFile);
  if (!repository) throw new ReviewError(`${directory} lies in no git repository`, 'check out the default branch');
  const log = openHistory(directory);
  const commits = await log.changes(MOST_COMMITS + 1);
  const last = await lastApplied(github, branch);
  const [known] = last ? await log.changes(1, last.commit) : [];
  const end = known === undefined ? -1 : commits.indexOf(known);
  const history = openTouched(repository, directory, cwd);
  const pullOf = remember((commit) => pullOfCommit(github, commit, branch));
  // Nobody lowers the number and uses that before it was merged and applied (threats T13).
  const asked = commits.slice(0, end < 0 ? MOST_COMMITS : end + 1);
  const requireApprovals = await history.requiredApprovals(asked);
  const inside = await insideRepository(directory, cwd);
  const ask = createAsk(github, { ...request, requireApprovals, spentBefore: last?.at }, inside);
  const decided = new Map<Address, number | undefined>();
  const superseded: Superseded[] = [];
  const reviews = new Map<number, Reviewed & { readonly commit: string; readonly documents: Set<Address> }>();
  const unreviewed: Unreviewed[] = [];

  /** What the branch was before a pull request. */
  async function beforePull(index: number, pull: Pull): Promise<string | undefined> {
    const first = index + (await firstOf(commits.slice(index), pull, pullOf));
    return repository?.resolve(`${commits[first]}^1`);
  }

  for (const [index, commit] of commits.slice(0, MOST_COMMITS).entries()) {
    if (index === end) break;
    const touched = await history.touched(commit, commits[index + 1]);
    const open = touched.filter((address) => !decided.has(address));
    const pull = await pullOf(commit);
    const [later] = touched.flatMap((address) => decided.get(address) ?? []);
    if (pull && later !== undefined && later !== pull.number && open.length === 0) {
      superseded.push({ pull, by: later, documents: touched });
    }
    for (const address of open) decided.set(address, pull?.number);
    const before = pull && (await beforePull(index, pull));
    const answer = pull ? await ask(pull, commit, before) : 'it was pushed without a pull request';
    if (typeof answer === 'string') {
      if (open.length > 0) unreviewed.push({ commit, pull, documents: open, why: answer });
      continue;
    }
    const { number } = answer.pull;
    const named = namesOf(answer.plan);
    const covered = open.filter((address) => named.has(address));
    const rest = open.filter((address) => !named.has(address));
    const review = reviews.get(number) ?? { ...answer, commit, documents: new Set<Address>() };
    reviews.set(number, review);
    for (const address of covered) review.documents.add(address);
    // An edit that says nothing new, such as a comment, plans a document as it stands: that is a review of it, too.
    for (const document of actingIn(answer.plan)) {
      if (decided.has(document) || (await history.sealAt(commit, document)) !== sealIn(answer.plan, document)) continue;
      decided.set(document, number);
      review.documents.add(document);
    }
    if (rest.length > 0) {
      const why = `the plan of pull request ${number} does not have it`;
      unreviewed.push({ commit, pull, documents: rest, why });
    }
  }
  const held = [...reviews.values()].filter(({ documents }) => documents.size > 0).reverse();
  return {
    reviews: held,
    unreviewed,
    superseded: superseded.filter(({ pull }) => !held.some((review) => review.pull.number === pull.number)),
    touched: new Set(decided.keys()),
    isCut: end < 0 && commits.length > MOST_COMMITS,
    async rivals({ plan, commit, pull }, document) {
      const start = commits.indexOf(commit) + 1;
      const found: string[] = [];
      for (const [offset, other] of commits.slice(start, MOST_COMMITS).entries()) {
        if (other === plan.github?.base) break;
        if (!(await history.touched(other, commits[start + offset + 1])).includes(document)) continue;
        const by = await pullOf(other);
        if (by?.number !== pull.number) found.push(rivalText(other, by));
      }
      return found;
    },
  };
}

/** Of the pull request that changed the configuration last. */
export interface LastReview {
  /** Its plan as it was reviewed; otherwise a clause that says why none can be relied on. */
  readonly review: Reviewed | string;
  /** Did the same pull request, or push, bring the tip? Otherwise what came after it left the configuration alone. */
  readonly isOfTip: boolean;
}

/**
 * @throws ReviewError where the clone cannot tell.
 * @throws GithubError
 */
export async function lastReview(github: Github, request: ReviewsRequest): Promise<LastReview> {
  const { directory, cwd, branch } = request;
  const { files } = await readTree(directory);
  const repository = await openRepository(directory, files, isConfigFile);
  if (!repository) throw new ReviewError(`${directory} lies in no git repository`, 'check out the default branch');
  const commits = await openHistory(directory).changes(MOST_COMMITS + 1);
  const [last] = commits;
  if (last === undefined) return { review: 'the clone holds no commit of it', isOfTip: true };
  const pullOf = remember((commit) => pullOfCommit(github, commit, branch));
  const pull = await pullOf(last);
  const isOfTip = last === branch.tip || (await pullOf(branch.tip))?.number === pull?.number;
  if (!pull) return { review: 'it was pushed without a pull request', isOfTip };
  const first = await firstOf(commits, pull, pullOf);
  // Nobody lowers the number in the pull request that profits from it: what was before it counts too (threats T13).
  const asked = commits.slice(0, first + 2);
  const requireApprovals = await openTouched(repository, directory, cwd).requiredApprovals(asked);
  const inside = await insideRepository(directory, cwd);
  const ask = createAsk(github, { ...request, requireApprovals, spentBefore: undefined }, inside);
  return { review: await ask(pull, last, await repository.resolve(`${commits[first]}^1`)), isOfTip };
}

/** Which of these commits, from the last one of a pull request on, was its first: a rebase makes many. */
async function firstOf(
  commits: readonly string[],
  { number }: Pull,
  pullOf: (commit: string) => Promise<Pull | undefined>,
): Promise<number> {
  let first = 0;
  for (let next = commits[first + 1]; next !== undefined; next = commits[first + 1]) {
    if ((await pullOf(next))?.number !== number) break;
    first += 1;
  }
  return first;
}

function rivalText(commit: string, pull: Pull | undefined): string {
  const by = pull ? `pull request ${pull.number}` : 'a push';
  return `${by} (${commit.slice(0, 12)}) changed it after this plan was made`;
}

function remember<Result>(look: (key: string) => Promise<Result>): (key: string) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return (key) => {
    const result = known.get(key) ?? look(key);
    known.set(key, result);
    return result;
  };
}

/** A plan as it was reviewed. */
export interface Reviewed {
  readonly pull: Pull;
  readonly before: string;
  readonly plan: Plan;
  /** All of it, as its workflow kept it. */
  readonly text: string;
}

type Answer = Reviewed | string;

interface AskRequest extends ReviewsRequest {
  /** Approvals by others that a head must have. */
  readonly requireApprovals: number;
  /** ISO 8601: an apply that began then ended well, and had all that was merged before. */
  readonly spentBefore: string | undefined;
}

/** Each pull request once, though a rebase makes many commits of it. */
function createAsk(
  github: Github,
  { branch, directory, requireApprovals, spentBefore }: AskRequest,
  inside: string,
): (pull: Pull, commit: string, before: string | undefined) => Promise<Answer> {
  const answers = new Map<number, Promise<Answer>>();
  return (pull, commit, before) => {
    const known = answers.get(pull.number) ?? answer(pull, commit, before);
    answers.set(pull.number, known);
    return known;
  };

  async function answer(pull: Pull, commit: string, before: string | undefined): Promise<Answer> {
    if (spentBefore !== undefined && (pull.merged_at ?? '') < spentBefore) {
      return `pull request ${pull.number} was applied already: ${branch.name} was moved since`;
    }
    if (before === undefined) return 'the clone does not hold what was before it: check out with fetch-depth 0';
    const approvals = requireApprovals === 0 ? 0 : await approvalsOf(github, pull);
    if (approvals < requireApprovals) {
      return `${approvals} of ${requireApprovals} approvals by others are of ${pull.head.sha}, which was merged`;
    }
    const name = artefactName({ pull: pull.number, head: pull.head.sha });
    try {
      const reviewed = { pull: pull.number, head: pull.head.sha, mergedAt: pull.merged_at ?? '' };
      const bytes = await fetchPlan(github, branch.repositoryId, reviewed);
      const plan = parsePlan(name, bytes);
      const fault = await faultOf(plan, pull, { commit, before });
      return fault ?? { pull, before, plan, text: bytes.toString('utf8') };
    } catch (error) {
      if (error instanceof ForgedPlanError || error instanceof PlanDocumentError) return error.message;
      throw error;
    }
  }

  /** Does the plan name this pull request, its merged head, and what that head holds? */
  async function faultOf(
    { github: made, offline }: Plan,
    { number, head }: Pull,
    { commit, before }: { readonly commit: string; readonly before: string },
  ): Promise<string | undefined> {
    if (!made || made.tree === null) return 'its plan does not say which commit it was made of';
    if (offline) return 'its plan was made without a look at any account';
    if (made.pull !== number) return `its plan was made for pull request ${made.pull}`;
    if (made.head !== head.sha) return `its plan was made for ${made.head}, and ${head.sha} was merged`;
    const log = openHistory(directory);
    // The configuration that guards are held against is of this branch, and of nobody's own (threats T13).
    if ((await log.mergeBase(made.base, before)) !== made.base) {
      return `its plan was held against ${made.base.slice(0, 12)}, which was not of ${branch.name} then`;
    }
    if ((await log.treeAt(commit)) === made.tree) return undefined;
    // The branch had moved on when it was merged: then the head itself tells.
    const tree = await treeOf(github, head.sha, inside);
    return tree === made.tree ? undefined : 'its plan was made for another configuration than its head holds';
  }
}

function actingIn({ actions }: Plan): ReadonlySet<Address> {
  return new Set(actions.map(({ document }) => document));
}

/** Of a document that the plan does not declare there is none, and no commit has that. */
function sealIn({ documents }: Plan, address: Address): string {
  return documents.find((document) => documentAddress(document) === address)?.seal ?? 'none';
}

function namesOf({ documents, actions }: Plan): ReadonlySet<Address> {
  return new Set([...documents.map(documentAddress), ...actions.map(({ document }) => document)]);
}

/** The plan as far as it is about these documents; the digest stays that of the whole. */
export function restrict(plan: Plan, documents: ReadonlySet<Address>): Plan {
  return {
    ...plan,
    documents: plan.documents.filter((document) => documents.has(documentAddress(document))),
    actions: plan.actions.filter(({ document }) => documents.has(document)),
  };
}
