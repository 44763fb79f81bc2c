import type { Aws } from '../aws/clients.ts';
import { planEstate } from '../engine/plan.ts';
import type { PlanRequest, PlanRun } from '../engine/plan.ts';
import type { World } from '../engine/world.ts';
import type { Plan } from '../engine/types.ts';
import type { Project } from './project.ts';
import { silent } from './reporter.ts';
import type { Reporter } from './reporter.ts';
import type { Endpoint } from './endpoint.ts';
import { select } from './selection.ts';
import type { Selection } from './selection.ts';
import { connect, createWorld } from './world.ts';
import type { WorldOptions } from './world.ts';

export interface CommandOptions extends Selection {
  readonly endpoint: Endpoint;
  readonly reporter?: Reporter;
  readonly concurrency?: number;
  /** Ends the names of assumed sessions, such as a CI run's number. */
  readonly run?: string;
}

export interface PlanOptions extends CommandOptions {
  /** Transfer and list even where a serial has not moved. */
  readonly full?: boolean;
}

export function worldOptions(options: CommandOptions, rest: Pick<WorldOptions, 'role' | 'listing'>): WorldOptions {
  const { endpoint, reporter = silent, concurrency, run } = options;
  return {
    endpoint,
    reporter,
    ...rest,
    ...(concurrency !== undefined && { concurrency }),
    ...(run !== undefined && { run }),
  };
}

export function planRequest(project: Project, selection: Selection): PlanRequest {
  const documents = select(project.documents, selection);
  return {
    documents,
    all: project.documents,
    accounts: Object.fromEntries([...project.accounts.values()].map(({ alias, id }) => [alias, id])),
    config: project.config,
    overrides: project.settings.overrides,
    limits: project.settings.guards,
    partial: documents.length < project.documents.length,
  };
}

/** A world with fresh eyes and what it sees. */
export async function lookAndPlan(
  project: Project,
  aws: Aws,
  options: WorldOptions,
  selection: Selection,
): Promise<{ readonly world: World; readonly run: PlanRun }> {
  const world = createWorld(project, aws, options);
  return { world, run: await planEstate(world, planRequest(project, selection)) };
}

/** What would be done, as data; nothing is written. */
export async function plan(project: Project, options: PlanOptions): Promise<Plan> {
  const chosen = worldOptions(options, { role: 'plan', listing: options.full ? 'always' : 'when-moved' });
  const { run } = await lookAndPlan(project, connect(project, chosen), chosen, options);
  return run.plan;
}
