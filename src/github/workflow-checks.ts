import type { RepositoryState, WorkflowStates } from './repository-state.ts';
import { judge, off, on } from './repository-verdict.ts';
import type { RepositoryCheck, Verdict } from './repository-verdict.ts';
import { workflowFacts } from './workflow-facts.ts';
import type { WorkflowFacts } from './workflow-facts.ts';

interface ExpectedWorkflow {
  readonly name: string;
  readonly path: string;
  /** It must be started by this event. */
  readonly event: string;
  /** It may be started by these as well, and by no other. */
  readonly also: readonly string[];
  readonly environment: string;
}

/** What `trueup init` puts into a repository. */
export const WORKFLOWS: readonly ExpectedWorkflow[] = [
  {
    name: 'workflow-plan',
    path: '.github/workflows/plan.yml',
    event: 'pull_request_target',
    also: [],
    environment: 'trueup-plan',
  },
  {
    name: 'workflow-apply',
    path: '.github/workflows/apply.yml',
    event: 'push',
    also: ['workflow_dispatch'],
    environment: 'trueup-apply',
  },
  {
    name: 'workflow-drift',
    path: '.github/workflows/drift.yml',
    event: 'schedule',
    also: ['workflow_dispatch'],
    environment: 'trueup-plan',
  },
];

/** Without these a pull request is not planned, or not planned again after a push. Those that GitHub takes by itself. */
const PLANNED = ['opened', 'reopened', 'synchronize'];
const REMEDY = 'compare it with what trueup init writes';

/** Are the workflows on the default branch, do they run, and on what? */
export function workflowChecks(state: RepositoryState, branch: string): readonly RepositoryCheck[] {
  return WORKFLOWS.map((expected) => {
    const text = state.workflows[expected.path] ?? { seen: undefined };
    return { name: expected.name, ...judge(text, (seen) => fileVerdict(expected, seen, branch, state)) };
  });
}

/**
 * Whoever renames the default branch leaves workflows behind that name the old one, which anybody who can push may create
 * anew.
 */
export function defaultBranchCheck({ defaultBranch, workflows }: RepositoryState): RepositoryCheck {
  const unseen = Object.values(workflows).find((look) => 'unseen' in look);
  const named = Object.entries(workflows).flatMap(([path, look]) => {
    const facts = 'seen' in look && look.seen !== undefined ? workflowFacts(look.seen) : undefined;
    return (facts?.branches ?? []).map((name) => ({ path, name }));
  });
  const verdict = judge(defaultBranch, (branch) => {
    const strays = named.filter(({ name }) => name !== branch);
    if (strays.length > 0) {
      const files = strays.map(({ path, name }) => `${path} names ${name}`).join(', ');
      return off(`${branch} is the default branch, but ${files}`, `name ${branch} there, or see Settings > General`);
    }
    if (unseen) return judge(unseen, () => on(branch));
    if (named.length === 0) return off(`no workflow names the default branch ${branch}`, 'run trueup init');
    return on(`${branch}, and the workflows name no other`);
  });
  return { name: 'default-branch', ...verdict };
}

function fileVerdict(
  expected: ExpectedWorkflow,
  text: string | undefined,
  branch: string,
  { workflowStates }: RepositoryState,
): Verdict {
  if (text === undefined) return off(`${expected.path} is not on ${branch}`, 'run trueup init');
  const facts = workflowFacts(text);
  if (!facts) return off(`${expected.path} is no workflow`, REMEDY);
  const faults = faultsOf(facts, expected);
  if (faults.length > 0) return off(`${expected.path} ${faults.join('; ')}`, REMEDY);
  return judge(workflowStates, (states) => stateVerdict(expected, facts, states));
}

function faultsOf({ events, environments }: WorkflowFacts, expected: ExpectedWorkflow): readonly string[] {
  const others = Object.keys(events).filter((event) => event !== expected.event && !expected.also.includes(event));
  const types = events[expected.event]?.['types'];
  const unplanned = Array.isArray(types) ? PLANNED.filter((type) => !types.includes(type)) : [];
  return [
    ...(expected.event in events ? [] : [`is not started by ${expected.event}`]),
    ...others.map((event) => `is also started by ${event}`),
    ...(expected.event === 'pull_request_target' ? unplanned.map((type) => `is not started when ${type}`) : []),
    ...(environments.includes(expected.environment) ? [] : [`has no job in the environment ${expected.environment}`]),
  ];
}

/** GitHub switches schedules off where a public repository stands still for 60 days. */
function stateVerdict({ path }: ExpectedWorkflow, { events }: WorkflowFacts, states: WorkflowStates): Verdict {
  const state = states[path];
  if (state === 'active') return on(`${path} runs on ${Object.keys(events).join(', ')}`);
  return off(
    `${path} does not run: it is ${state ?? 'unknown to Actions'}`,
    'Actions > the workflow > Enable workflow',
  );
}
