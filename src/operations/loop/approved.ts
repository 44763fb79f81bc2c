import { documentAddress } from '../../engine/address.ts';
import { applyEstate } from '../../engine/apply.ts';
import type { Address, ApplyResult, Plan } from '../../engine/types.ts';
import { lookAndPlan } from '../plan.ts';
import type { Project } from '../project.ts';
import type { Selection } from '../selection.ts';
import type { PassContext } from './pass.ts';

/** Applies a plan that was approved, by the same seal, guards and lease as `apply --plan` does. */
export async function applyApproved(context: PassContext, approved: Plan): Promise<ApplyResult> {
  const { project, aws, options, keeper, stop, isSpared, covers } = context;
  if (!keeper) throw new Error('a loop that only reports applies nothing');
  const reviewed = narrowed(approved, (document) => !isSpared(document) && covers(document));
  const selection = selectionFor(reviewed, project);
  const look = () => lookAndPlan(project, aws, options, selection);
  const { world, run } = await look();
  return applyEstate(world, {
    fresh: run,
    reviewed,
    overrides: project.settings.overrides,
    stop,
    onStep: () => undefined,
    onEnd: () => undefined,
    lease: () => keeper.lease(),
    lookAgain: look,
    disturbed: () => context.disturbed(),
    replan: async () => (await look()).run.plan,
  });
}

/** Only what the plan names is looked at; everything, where it removes something: that is looked for everywhere. */
function selectionFor({ actions, documents }: Plan, project: Project): Selection {
  const declared = new Set(project.documents.map(documentAddress));
  const named = documents.map(documentAddress).filter((address) => declared.has(address));
  const removes = actions.some(({ action }) => action === 'delete' || action === 'release');
  return removes || named.length === 0 ? {} : { only: named };
}

/** A plan that names some of its documents: what a review does not name is left alone. */
function narrowed(plan: Plan, isNamed: (document: Address) => boolean): Plan {
  return {
    ...plan,
    documents: plan.documents.filter((planned) => isNamed(documentAddress(planned))),
    actions: plan.actions.filter(({ document }) => isNamed(document)),
  };
}
