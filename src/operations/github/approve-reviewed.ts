import type { ApproveResult } from '../../bundle/result.ts';
import type { Github } from '../../github/client.ts';
import type { GithubContext } from '../../github/context.ts';
import { ReviewError } from '../../github/errors.ts';
import { readDefaultBranch } from '../../github/pulls.ts';
import { approve } from '../approve.ts';
import type { ApproveOptions } from '../approve.ts';
import type { Project } from '../project.ts';
import { refuseOtherPlace, verified } from './apply-reviewed.ts';
import { lastReview } from './reviews.ts';

export interface ReviewedApproveOptions extends Omit<ApproveOptions, 'plans'> {
  readonly cwd: string;
}

/**
 * Approves what the pull request showed that changed the configuration last, and nothing else: only at the tip of the
 * protected default branch, and only where the merge holds what its head held.
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
  const review = await verified(() => lastReview(github, { directory: project.directory, cwd, branch }));
  if (typeof review === 'string') {
    throw new ReviewError(
      `the last change of the configuration has no plan that was reviewed: ${review}`,
      'touch its files in a pull request: its plan is what is approved',
    );
  }
  const { pull, plan, text } = review;
  return approve(project, { ...options, plans: [{ name: `the plan of pull request ${pull.number}`, plan, text }] });
}
