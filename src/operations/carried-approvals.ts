import type { ApprovedPlan, OpenedApproval } from '../bundle/approval.ts';
import { documentAddress } from '../engine/address.ts';
import type { Address, Plan } from '../engine/types.ts';
import { isConfigFile, readTree } from '../engine/config/tree.ts';
import { GitError } from '../git/git.ts';
import { openHistory } from '../git/history.ts';
import { openRepository } from '../git/repository.ts';
import { sealsOf } from './change.ts';
import { configIn } from './committed-config.ts';
import { PlanDocumentError } from './errors.ts';
import { parsePlan } from './plan-document.ts';
import type { Project } from './project.ts';

/** Changes of the configuration that are looked back at; of more nothing is carried. */
const MOST_COMMITS = 200;

/** A plan that nothing has applied for so long is not what anybody waits for. */
const MOST_AGE_MS = 7 * 24 * 60 * 60_000;

/** To which commits approvals are carried, each on the first-parent line of the next. Full ids. */
export interface CarryTarget {
  /** Of the bundle that is approved now. */
  readonly bundle: string;
  /** Of the checkout, in which the project lies. */
  readonly checkout: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What each document of a configuration compiles to. */
type Seals = ReadonlyMap<Address, string>;

/** Was it let pass so lately that it still may be carried to another configuration, or approved anew for one? */
export function isRecent(approvedAt: string, now: number): boolean {
  return Math.abs(now - Date.parse(approvedAt)) <= MOST_AGE_MS;
}

/**
 * Plans that were approved for an earlier configuration and may not have been applied yet, when another was merged before
 * the loop's next run: those of the last seven days of which every document is what it was, and what they take away is
 * declared nowhere, now and at every commit in between. What of it is done already is done; a plan of which anything has
 * moved on ends with its configuration, though that comes back. Where git does not show what was in between, nothing is carried.
 */
export async function carriedOver(
  project: Project,
  { statement, plans }: OpenedApproval,
  target: CarryTarget,
): Promise<readonly ApprovedPlan[]> {
  const now = sealsOf(project.documents, project.estate);
  const read = plans.flatMap((approved) => {
    const plan = planIn(approved.text);
    return plan && plan.actions.length > 0 && isRecent(approved.approvedAt, target.now) ? [{ approved, plan }] : [];
  });
  let held = read.filter(({ plan }) => holds(plan, now));
  if (held.length === 0) return [];
  try {
    const past = await pastOf(project, statement.commit, target);
    if (!past) return [];
    for (const commit of past.commits) {
      const seals = await past.sealsAt(commit);
      held = seals ? held.filter(({ plan }) => holds(plan, seals)) : [];
      if (held.length === 0) return [];
    }
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
  return held.map(({ approved }) => approved);
}

function holds(plan: Plan, seals: Seals): boolean {
  return actingDocuments(plan).every((address) => {
    const reviewed = plan.documents.find((planned) => documentAddress(planned) === address);
    return seals.get(address) === reviewed?.seal;
  });
}

function actingDocuments({ actions }: Plan): readonly Address[] {
  return [...new Set(actions.map(({ document }) => document))];
}

interface Past {
  /** The one that was approved, and those after it that changed the configuration. */
  readonly commits: readonly string[];
  /** Undefined: there is no valid configuration. @throws GitError */
  sealsAt(commit: string): Promise<Seals | undefined>;
}

/** Undefined: the approved commit is not on the line, or too much has changed since. */
async function pastOf(
  { directory }: Project,
  approved: string,
  { bundle, checkout }: CarryTarget,
): Promise<Past | undefined> {
  const history = openHistory(directory);
  const most = MOST_COMMITS + 1;
  const older = await history.changesBetween(approved, bundle, most);
  const newer = await history.changesBetween(bundle, checkout, most);
  if (!older || !newer || older.length + newer.length > MOST_COMMITS) return undefined;
  const repository = await openRepository(directory, (await readTree(directory)).files, isConfigFile);
  if (!repository) return undefined;
  return {
    commits: [approved, ...older, ...newer],
    async sealsAt(commit) {
      const committed = await repository.directoryAt(commit);
      return committed && (await configIn(committed, directory, directory))?.documents;
    },
  };
}

/** Another version may have written it. */
function planIn(text: string): Plan | undefined {
  try {
    return parsePlan('the approval', Buffer.from(text));
  } catch (error) {
    if (error instanceof PlanDocumentError) return undefined;
    throw error;
  }
}
