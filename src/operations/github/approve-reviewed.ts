import type { ApproveResult } from '../../bundle/result.ts';
import type { Github } from '../../github/client.ts';
import type { GithubContext } from '../../github/context.ts';
import { ReviewError } from '../../github/errors.ts';
import { readDefaultBranch } from '../../github/pulls.ts';
import type { Pull } from '../../github/pulls.ts';
import { approve, planRefusal } from '../approve.ts';
import type { ApproveOptions } from '../approve.ts';
import { isRecent } from '../carried-approvals.ts';
import { clockOf } from '../endpoint.ts';
import type { Project } from '../project.ts';
import { refuseOtherPlace, verified } from './apply-reviewed.ts';
import { lastReview } from './reviews.ts';

export interface ReviewedApproveOptions extends Omit<ApproveOptions, 'plans'> {
  readonly cwd: string;
}

/**
 * Approves what the pull request showed that changed the configuration last, and nothing else: only at the tip of the
 * protected default branch, and only where the merge holds what its head held. Where the tip itself left the configuration
 * alone, and that plan cannot be approved any more, nothing new is: what was approved before is carried to the tip.
 *
 * @throws ReviewError where nothing can be verified, and UnprotectedError; nothing was written then.
 * @throws PublishError as `approve`
 */
export async function approveReviewed(
  project: Project,
  github: Github,
  context: GithubContext,
  { cwd, ...options }: ReviewedApproveOptions,
): Promise<ApproveResult> {
  const branch = await verified(() => readDefaultBranch(github));
  refuseOtherPlace(project, context, branch);
  if (branch.isPublic) {
    const why =
      'the plans of a public repository show accounts and addresses by other names, and the loop knows none of those';
    throw new ReviewError(why, 'plan again where it is private, and approve that: trueup approve --plan FILE');
  }
  const { review, isOfTip } = await verified(() => lastReview(github, { directory: project.directory, cwd, branch }));
  if (typeof review === 'string') {
    if (!isOfTip) return approve(project, { ...options, plans: [] });
    throw new ReviewError(
      `the last change of the configuration has no plan that was reviewed: ${review}`,
      'touch its files in a pull request: its plan is what is approved',
    );
  }
  const file = { name: `the plan of pull request ${review.pull.number}`, plan: review.plan, text: review.text };
  const isLeft = !isOfTip && (planRefusal(project, file) !== undefined || !isMergedLately(review.pull, options));
  return approve(project, { ...options, plans: isLeft ? [] : [file], isAnew: isOfTip });
}

/** What was merged longer ago was approved then, and is not let pass anew by a merge that is about something else. */
function isMergedLately({ merged_at: mergedAt }: Pull, { endpoint }: Pick<ApproveOptions, 'endpoint'>): boolean {
  return mergedAt !== null && isRecent(mergedAt, clockOf(endpoint).now());
}
