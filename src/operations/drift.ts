import { driftOf } from '../engine/drift.ts';
import type { DriftResult } from '../engine/types.ts';
import { lookAndPlan, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { connect } from './world.ts';

/** What the world changed behind git's back. Everything is transferred and listed. */
export async function drift(project: Project, options: CommandOptions): Promise<DriftResult> {
  const chosen = worldOptions(options, { role: 'plan', listing: 'drift' });
  const { world, run } = await lookAndPlan(project, connect(project, chosen), chosen, options);
  return driftOf(world, run);
}
