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

/** Commits that are looked back at. */
const MOST_COMMITS = 200;

/** A merged pull request, and what of its plan holds at the tip. */
export interface Review {
  readonly pull: Pull;
  /** The commit that brought it, or the last one of it. */
  readonly commit: string;
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

export interface Reviews {
  /** In the order in which they were merged. */
  readonly reviews: readonly Review[];
  readonly unreviewed: readonly Unreviewed[];
  /** Every document that was touched since the last apply that ended well. */
  readonly touched: ReadonlySet<Address>;
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
  const commits = await openHistory(directory).firstParents(MOST_COMMITS + 1);
  const known = await lastApplied(github, branch.name);
  const end = known === undefined ? -1 : commits.indexOf(known);
  const history = openTouched(repository, directory, cwd);
  const decided = new Set<Address>();
  const reviews = new Map<number, { pull: Pull; commit: string; plan: Plan; documents: Set<Address> }>();
  const unreviewed: Unreviewed[] = [];
  // Nobody lowers the number and uses that before it was merged and applied (threats T13).
  const asked = commits.slice(0, end < 0 ? MOST_COMMITS : end + 1);
  const requireApprovals = await history.requiredApprovals(asked);
  const ask = createAsk(github, { ...request, requireApprovals }, await insideRepository(directory, cwd));
  for (const [index, commit] of commits.slice(0, MOST_COMMITS).entries()) {
    if (index === end) break;
    const parent = commits[index + 1];
    const touched = await history.touched(commit, parent);
    const open = touched.filter((address) => !decided.has(address));
    if (open.length === 0) continue;
    for (const address of open) decided.add(address);
    const pull = await pullOfCommit(github, commit, branch);
    const answer = pull ? await ask(pull, commit) : 'it was pushed without a pull request';
    if (typeof answer === 'string') {
      unreviewed.push({ commit, pull, documents: open, why: answer });
      continue;
    }
    const named = namesOf(answer.plan);
    const covered = open.filter((address) => named.has(address));
    const rest = open.filter((address) => !named.has(address));
    const review = reviews.get(answer.pull.number) ?? { ...answer, commit, documents: new Set<Address>() };
    reviews.set(answer.pull.number, review);
    for (const address of covered) review.documents.add(address);
    if (rest.length > 0) {
      const why = `the plan of pull request ${answer.pull.number} does not have it`;
      unreviewed.push({ commit, pull, documents: rest, why });
    }
  }
  return {
    reviews: [...reviews.values()].reverse(),
    unreviewed,
    touched: decided,
    async rivals({ plan, commit, pull }, document) {
      const start = commits.indexOf(commit) + 1;
      const found: string[] = [];
      for (const [offset, other] of commits.slice(start, MOST_COMMITS).entries()) {
        if (other === plan.github?.base) break;
        if (!(await history.touched(other, commits[start + offset + 1])).includes(document)) continue;
        const by = await pullOfCommit(github, other, branch);
        if (by?.number !== pull.number) found.push(rivalText(other, by));
      }
      return found;
    },
  };
}

function rivalText(commit: string, pull: Pull | undefined): string {
  const by = pull ? `pull request ${pull.number}` : 'a push';
  return `${by} (${commit.slice(0, 12)}) changed it after this plan was made`;
}

type Answer = { readonly pull: Pull; readonly plan: Plan } | string;

/** Each pull request once, though a rebase makes many commits of it. */
function createAsk(
  github: Github,
  { branch, directory, requireApprovals }: ReviewsRequest & { readonly requireApprovals: number },
  inside: string,
): (pull: Pull, commit: string) => Promise<Answer> {
  const answers = new Map<number, Promise<Answer>>();
  return (pull, commit) => {
    const known = answers.get(pull.number) ?? answer(pull, commit);
    answers.set(pull.number, known);
    return known;
  };

  async function answer(pull: Pull, commit: string): Promise<Answer> {
    const approvals = requireApprovals === 0 ? 0 : await approvalsOf(github, pull);
    if (approvals < requireApprovals) {
      return `${approvals} of ${requireApprovals} approvals by others are of ${pull.head.sha}, which was merged`;
    }
    const name = artefactName({ pull: pull.number, head: pull.head.sha });
    try {
      const reviewed = { pull: pull.number, head: pull.head.sha, mergedAt: pull.merged_at ?? '' };
      const bytes = await fetchPlan(github, branch.repositoryId, reviewed);
      const plan = parsePlan(name, bytes);
      const fault = await faultOf(plan, pull, commit);
      return fault ?? { pull, plan };
    } catch (error) {
      if (error instanceof ForgedPlanError || error instanceof PlanDocumentError) return error.message;
      throw error;
    }
  }

  /** Does the plan name this pull request, its merged head, and what that head holds? */
  async function faultOf(
    { github: made, offline }: Plan,
    { number, head }: Pull,
    commit: string,
  ): Promise<string | undefined> {
    if (!made || made.tree === null) return 'its plan does not say which commit it was made of';
    if (offline) return 'its plan was made without a look at any account';
    if (made.pull !== number) return `its plan was made for pull request ${made.pull}`;
    if (made.head !== head.sha) return `its plan was made for ${made.head}, and ${head.sha} was merged`;
    if ((await openHistory(directory).treeAt(commit)) === made.tree) return undefined;
    // The branch had moved on when it was merged: then the head itself tells.
    const tree = await treeOf(github, head.sha, inside);
    return tree === made.tree ? undefined : 'its plan was made for another configuration than its head holds';
  }
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
