import { driftOf } from '../engine/drift.ts';
import type { DriftResult, Place } from '../engine/types.ts';
import { lookAndPlan, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { connect } from './world.ts';

/** What the world changed behind git's back. Everything is transferred and listed. */
export async function drift(project: Project, options: CommandOptions): Promise<DriftResult> {
  const chosen = worldOptions(options, { role: 'plan', listing: 'drift' });
  const { world, run } = await lookAndPlan(project, connect(project, chosen), chosen, options);
  return driftOf(world, run.plan, run.plan.partial ? [] : placesOf(project));
}

/** Every account that can be entered, each in the default region: hosted zones are global. */
function placesOf(project: Project): readonly Place[] {
  return [...project.accounts.values()]
    .filter((account) => account.planRole !== undefined || account === project.defaultAccount)
    .map(({ id }) => ({ account: id, region: project.settings.defaultRegion }));
}
