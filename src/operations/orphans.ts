import { planEstate } from '../engine/plan.ts';
import type { Finding, Orphan, OrphansResult, Plan } from '../engine/types.ts';
import { placesBefore } from '../engine/inventory.ts';
import type { World } from '../engine/world.ts';
import { planRequest, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { GLOBAL_REGION } from '../resources/inventory.ts';
import { connect, createWorld, defaultRegions } from './world.ts';

export interface OrphansOptions extends Omit<CommandOptions, 'only' | 'exclude'> {
  /** Further regions to look into, in every account. */
  readonly regions?: readonly string[];
}

/** Everything with our marker that no document declares, and what the next apply does with it. */
export async function orphans(project: Project, options: OrphansOptions): Promise<OrphansResult> {
  const { regions = [] } = options;
  const chosen = { ...worldOptions(options, { role: 'plan', listing: 'when-moved' }), regions };
  const world = createWorld(project, connect(project, chosen), chosen);
  const { plan, orphans: found } = await planEstate(world, planRequest(project, {}));
  const reached = regionsOfApply(project, world);
  return {
    format: 'trueup/orphans@1',
    complete: plan.complete,
    owner: plan.owner,
    orphans: found.map((orphan) => (reached.has(orphan.region) ? orphan : outOfReach(orphan))),
    findings: [
      ...plan.findings,
      ...plan.documents.flatMap(({ findings }) => findings.filter(({ code }) => code === 'unknown')),
      ...refusal(plan),
    ],
    calls: world.calls(),
  };
}

/** Where a plan looks by itself. */
function regionsOfApply(project: Project, world: World): ReadonlySet<string> {
  const { documents, estate, base } = project;
  const places = [{ documents, estate }, ...(base ? [base] : [])].flatMap((tree) => placesBefore(world, tree));
  return new Set([...defaultRegions(project), GLOBAL_REGION, ...places.map(({ region }) => region)]);
}

function outOfReach(orphan: Orphan): Orphan {
  const why = `apply does not look into ${orphan.region}, where no document is: name the commit that declared it with --base, or remove it by hand`;
  return { ...orphan, action: 'none', why: orphan.why ?? why };
}

/** A guard stops the whole apply. */
function refusal({ guards }: Plan): readonly Finding[] {
  const codes = [...new Set(guards.filter(({ allowed }) => !allowed).map(({ code }) => code))];
  if (codes.length === 0) return [];
  const message = `apply is stopped by ${codes.length === 1 ? 'the guard' : 'the guards'} ${codes.join(', ')}`;
  const hint = 'trueup plan shows the line that lets exactly that plan pass';
  return [{ document: '', code: 'guarded', severity: 'warning', message, hint }];
}
