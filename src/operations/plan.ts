import type { Aws } from '../aws/clients.ts';
import type { Loosening } from '../engine/estate-guards.ts';
import { planOffline } from '../engine/offline.ts';
import { planEstate } from '../engine/plan.ts';
import type { PlanRequest, PlanRun } from '../engine/plan.ts';
import { equal } from '../engine/value.ts';
import type { World } from '../engine/world.ts';
import type { Clock, Finding, Plan, PullRequestHead } from '../engine/types.ts';
import type { Base, Project } from './project.ts';
import { changeOf } from './change.ts';
import type { EstateChange } from './change.ts';
import { withPreflight } from './preflight.ts';
import { silent } from './reporter.ts';
import { roleGrowthFindings } from './role-growth.ts';
import type { Reporter } from './reporter.ts';
import type { Endpoint } from './endpoint.ts';
import { isNarrowed, select } from './selection.ts';
import type { Selection } from './selection.ts';
import { connect, createWorld } from './world.ts';
import type { WorldOptions } from './world.ts';

export interface CommandOptions extends Selection {
  readonly endpoint: Endpoint;
  readonly reporter?: Reporter;
  readonly concurrency?: number;
  /** Ends the names of assumed sessions, such as a CI run's number. */
  readonly run?: string;
  /** By which request budgets are kept: real time, and in the embedded account counted and not slept. */
  readonly pacingClock?: Clock;
}

export interface PlanOptions extends CommandOptions {
  /** Transfer and list even where a serial has not moved. */
  readonly full?: boolean;
  /** Plan what this pull request changes against the project's base, and nothing else. */
  readonly pullRequest?: PullRequestHead;
}

export function worldOptions(options: CommandOptions, rest: Pick<WorldOptions, 'role' | 'listing'>): WorldOptions {
  const { endpoint, reporter = silent, concurrency, run, pacingClock } = options;
  return {
    endpoint,
    reporter,
    ...rest,
    ...(concurrency !== undefined && { concurrency }),
    ...(run !== undefined && { run }),
    ...(pacingClock && { pacingClock }),
  };
}

export function planRequest(project: Project, selection: Selection, change?: EstateChange): PlanRequest {
  const documents = select(change?.documents ?? project.documents, selection);
  return {
    documents,
    all: project.documents,
    accounts: Object.fromEntries([...project.accounts.values()].map(({ alias, id }) => [alias, id])),
    config: project.config,
    overrides: project.settings.overrides,
    limits: project.settings.guards,
    ...(project.base && { base: baseRequest(project, project.base, change) }),
    ...(change && { isChange: true }),
    ...(change?.gone && { gone: change.gone }),
    unreadableBase: project.baseFault !== undefined && project.base === undefined,
    findings: baseFindings(project),
    // Whatever is asked for by name is a part, though it may be all that is left.
    partial: isNarrowed(selection),
  };
}

function baseRequest(project: Project, base: Base, change: EstateChange | undefined): NonNullable<PlanRequest['base']> {
  return {
    limits: base.settings.guards,
    loosened: [...loosenedAccounts(project, base), ...loosenedOwners(project, base), ...movedLease(project, base)],
    before: change?.before ?? { documents: base.documents, estate: base.estate },
    explicit: base.explicit,
  };
}

/** Accounts that are entered another way than before, or are others; under whatever alias. */
function loosenedAccounts({ settings }: Project, base: Base): readonly Loosening[] {
  return Object.entries(settings.accounts).flatMap(([alias, account]) => {
    const before =
      base.settings.accounts[alias] ?? Object.values(base.settings.accounts).find(({ id }) => id === account.id);
    const fields = ['id', 'planRole', 'applyRole', 'externalId'] as const;
    const changed = before ? fields.filter((field) => before[field] !== account[field]) : [];
    if (changed.length === 0) return [];
    return [{ account: account.id, what: `${changed.join(', ')} of account ${alias}` }];
  });
}

/** Whoever becomes another owner, or the heir of one, may take over what that owner has. */
function loosenedOwners({ settings }: Project, base: Base): readonly Loosening[] {
  const known = new Set([...(base.settings.formerly ?? []), base.settings.owner]);
  const gained = [...(settings.formerly ?? []), settings.owner].filter((owner) => !known.has(owner));
  return gained.length === 0 ? [] : [{ what: `owner or formerly (${gained.join(', ')})` }];
}

/** Two applies at once, one by the old Settings and one by the new, would exclude each other in different places. */
function movedLease({ settings }: Project, base: Base): readonly Loosening[] {
  const [before, after] = [base.settings, settings].map(
    ({ lease, defaultRegion, defaultAccount, accounts, owner, formerly }) => [
      lease.bucket ?? '',
      lease.table ?? '',
      defaultRegion,
      accounts[defaultAccount]?.id ?? '',
      formerly[0] ?? owner,
    ],
  );
  return equal(before, after) ? [] : [{ always: true, what: 'where the lease lies' }];
}

function baseFindings({ base, baseFault }: Project): readonly Finding[] {
  if (baseFault === undefined) return [];
  const message = base
    ? `of what was before only Settings can be read, and guards hold by them, too: ${baseFault}`
    : `guards hold by today's Settings alone, since what was before them cannot be read: ${baseFault}`;
  return [{ document: '', code: 'base-unreadable', severity: 'warning', message }];
}

/** A world with fresh eyes and what it sees. */
export async function lookAndPlan(
  project: Project,
  aws: Aws,
  options: WorldOptions,
  selection: Selection,
  change?: EstateChange,
): Promise<{ readonly world: World; readonly run: PlanRun }> {
  const world = createWorld(project, aws, options);
  return { world, run: await planEstate(world, planRequest(project, selection, change)) };
}

/** What would be done, as data; nothing is written. */
export async function plan(project: Project, options: PlanOptions): Promise<Plan> {
  const chosen = worldOptions(options, { role: 'plan', listing: options.full ? 'always' : 'when-moved' });
  const aws = connect(project, chosen);
  const { pullRequest } = options;
  const { world, run } = await lookAndPlan(project, aws, chosen, options, pullRequest && changeOf(project));
  const planned = await withPreflight(project, aws, world, run);
  const made = { ...planned, findings: [...planned.findings, ...roleGrowthFindings(project)] };
  return pullRequest ? { ...made, github: pullRequest } : made;
}

/** What a change declares, without a look at any account: for people who may not look. */
export function offlinePlan(project: Project, options: PlanOptions & Required<Pick<PlanOptions, 'pullRequest'>>): Plan {
  const chosen = worldOptions(options, { role: 'plan', listing: 'when-moved' });
  const world = createWorld(project, connect(project, chosen), chosen);
  const made = planOffline(world, planRequest(project, options, changeOf(project)));
  return {
    ...made,
    findings: [...made.findings, ...roleGrowthFindings(project)],
    github: options.pullRequest,
  };
}
