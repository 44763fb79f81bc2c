import { driftOf } from '../engine/drift.ts';
import type { DriftResult } from '../engine/types.ts';
import { lookAndPlan, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { withWho } from './who.ts';
import { connect } from './world.ts';

export interface DriftOptions extends CommandOptions {
  /** Milliseconds since the epoch: when nothing had drifted last. Nobody is looked for before that. */
  readonly since?: number;
}

/** What the world changed behind git's back, and who did. Everything is transferred and listed. */
export async function drift(project: Project, options: DriftOptions): Promise<DriftResult> {
  const chosen = worldOptions(options, { role: 'plan', listing: 'drift' });
  const aws = connect(project, chosen);
  const { world, run } = await lookAndPlan(project, aws, chosen, options);
  const { since } = options;
  return withWho(driftOf(world, run), { aws, accounts: project.accounts, run, ...(since !== undefined && { since }) });
}
