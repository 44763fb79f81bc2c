import type { BranchProtection, BranchRule, RepositoryState } from './repository-state.ts';
import { judge, off, on } from './repository-verdict.ts';
import type { RepositoryCheck, Verdict } from './repository-verdict.ts';

const RULESETS = 'Settings > Rules > Rulesets (or Settings > Branches)';

interface BranchSetting {
  readonly name: string;
  readonly on: string;
  readonly off: string;
  /** What it is called on the page. */
  readonly label: string;
  rule(rule: BranchRule): boolean;
  protection(protection: BranchProtection): boolean;
}

/** Either a ruleset or classic protection will do: GitHub enforces both. */
const BRANCH_SETTINGS: readonly BranchSetting[] = [
  {
    name: 'force-pushes',
    on: 'force pushes are blocked',
    off: 'force pushes are allowed',
    label: 'Block force pushes',
    rule: ({ type }) => type === 'non_fast_forward',
    protection: ({ allow_force_pushes: allowed }) => allowed?.enabled !== true,
  },
  {
    name: 'deletion',
    on: 'it cannot be deleted',
    off: 'it can be deleted',
    label: 'Restrict deletions',
    rule: ({ type }) => type === 'deletion',
    protection: ({ allow_deletions: allowed }) => allowed?.enabled !== true,
  },
  {
    name: 'reviews',
    on: 'an approval is required',
    off: 'no approval is required',
    label: 'Require a pull request before merging, with at least one required approval',
    rule: ({ type, parameters }) => type === 'pull_request' && (parameters?.required_approving_review_count ?? 0) > 0,
    protection: ({ required_pull_request_reviews: reviews }) => (reviews?.required_approving_review_count ?? 0) > 0,
  },
  {
    name: 'stale-approvals',
    on: 'a push dismisses approvals',
    off: 'approvals outlive a push',
    label: 'Dismiss stale pull request approvals when new commits are pushed',
    rule: ({ type, parameters }) => type === 'pull_request' && parameters?.dismiss_stale_reviews_on_push === true,
    protection: ({ required_pull_request_reviews: reviews }) => reviews?.dismiss_stale_reviews === true,
  },
];

/** Is the default branch protected, and how? */
export function branchChecks(state: RepositoryState, branch: string): readonly RepositoryCheck[] {
  const protection = judge(state.isProtected, (isProtected) =>
    isProtected ? on(`${branch} is protected`) : off(`${branch} is not protected`, `add a rule in ${RULESETS}`),
  );
  const settings = BRANCH_SETTINGS.map((setting) => ({
    name: setting.name,
    ...settingVerdict(setting, branch, state),
  }));
  return [{ name: 'protection', ...protection }, ...settings];
}

function settingVerdict(setting: BranchSetting, branch: string, { rules, protection }: RepositoryState): Verdict {
  if ('seen' in rules && rules.seen.some((rule) => setting.rule(rule))) {
    return on(`${branch}: ${setting.on}, by a ruleset`);
  }
  if ('seen' in protection && protection.seen && setting.protection(protection.seen)) {
    return on(`${branch}: ${setting.on}, by branch protection`);
  }
  const isOff = (): Verdict => off(`${branch}: ${setting.off}`, `"${setting.label}" in ${RULESETS}`);
  return 'unseen' in rules ? judge(rules, isOff) : judge(protection, isOff);
}
