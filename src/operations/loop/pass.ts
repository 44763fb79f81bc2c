import type { Aws } from '../../aws/clients.ts';
import { documentAddress } from '../../engine/address.ts';
import { applyEstate } from '../../engine/apply.ts';
import { driftOf } from '../../engine/drift.ts';
import { narrowToHealing } from '../../engine/heal.ts';
import type { Healing, HealingRules } from '../../engine/heal.ts';
import type { World } from '../../engine/world.ts';
import type { Address, ApplyResult } from '../../engine/types.ts';
import { lookAndPlan } from '../plan.ts';
import type { Project } from '../project.ts';
import type { Selection } from '../selection.ts';
import { withWho } from '../who.ts';
import type { WorldOptions } from '../world.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { shortSeal } from './state.ts';
import type { Tally } from './state.ts';
import { withApply, withDocuments, withDrift, withLeft } from './tally.ts';

export interface PassContext {
  readonly project: Project;
  readonly aws: Aws;
  readonly options: WorldOptions;
  /** Undefined: nothing may be written. */
  readonly keeper: LeaseKeeper | undefined;
  readonly stop: AbortSignal;
  /** A document that is looked at and never written. */
  readonly isSpared: (document: Address) => boolean;
  /** Nobody else has written since this loop has. */
  readonly isUndisturbed: boolean;
  /** Has anybody else written since the run began, or does so now? */
  readonly disturbed: () => Promise<boolean>;
  /** Is a document one of those that the loop is about? */
  readonly covers: (document: Address) => boolean;
}

/** What one look at a part of the estate came to. */
export interface Pass {
  readonly tally: Tally;
  /** Seals (their beginnings) of documents that are as they should be now. */
  readonly inLine: ReadonlyMap<Address, string>;
  /** Stopped before its end: it is to be made again. */
  readonly interrupted: boolean;
}

/** Looks at a part of the estate, says what drifted and who did it, and undoes it where that is allowed. */
export async function pass(
  context: PassContext,
  selection: Selection,
  lastInLine: Readonly<Record<Address, string>>,
  before: Tally,
): Promise<Pass> {
  const { project, aws, options } = context;
  const { world, run } = await lookAndPlan(project, aws, options, selection);
  const drift = await withWho(driftOf(world, run), { aws, accounts: project.accounts, run });
  // Who is told is somebody else than an apply of ours (src/resources/trail).
  const byHand = new Set(drift.missing.flatMap(({ id, who }) => (who?.actor ? [id] : [])));
  const rules: HealingRules = {
    wasInLine: (document, seal) => lastInLine[document] === shortSeal(seal),
    wasTakenByHand: (id) => context.isUndisturbed || byHand.has(id),
    isSpared: context.isSpared,
  };
  const healing = narrowToHealing(world, run, rules);
  // What nobody has seen in line may not have been applied at all.
  const missing = drift.missing.filter(({ document }) =>
    rules.wasInLine(document, run.documents.get(document)?.seal ?? ''),
  );
  const inLine = new Map([...healing.inLine].map(([address, seal]) => [address, shortSeal(seal)]));
  const seen = withLeft(withDocuments(before, run.plan.documents.length), healing.left);
  if (!context.keeper || healing.run.plan.actions.length === 0) {
    return { tally: withDrift(seen, { ...drift, missing }, new Set()), inLine, interrupted: false };
  }
  const result = await heal(context, context.keeper, world, healing, rules);
  // Somebody else may have been faster: then there was nothing left to do.
  const isUndone = result.outcome === 'applied' || result.outcome === 'nothing';
  const undone = isUndone ? healing.run.plan.documents : [];
  for (const document of undone) inLine.set(documentAddress(document), shortSeal(document.seal));
  const found = withDrift(seen, { ...drift, missing }, new Set(undone.map(documentAddress)));
  return { tally: withApply(found, 'healed', result), inLine, interrupted: result.outcome === 'interrupted' };
}

function heal(
  { project, aws, options, stop }: PassContext,
  keeper: LeaseKeeper,
  world: World,
  { run: fresh }: Healing,
  rules: HealingRules,
): Promise<ApplyResult> {
  const healed: Selection = { only: fresh.plan.documents.map(documentAddress) };
  return applyEstate(world, {
    fresh,
    overrides: [],
    stop,
    onStep: () => undefined,
    onEnd: () => undefined,
    lease: () => keeper.lease(),
    async lookAgain() {
      const again = await lookAndPlan(project, aws, options, healed);
      // Somebody else has written meanwhile: what is missing now may be missing by that.
      const careful = { ...rules, wasTakenByHand: () => false };
      return { world: again.world, run: narrowToHealing(again.world, again.run, careful).run };
    },
    async replan() {
      return (await lookAndPlan(project, aws, options, healed)).run.plan;
    },
  });
}
