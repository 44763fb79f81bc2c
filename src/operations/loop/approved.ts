import { applyEstate } from '../../engine/apply.ts';
import type { Address, ApplyResult } from '../../engine/types.ts';
import { lookAndPlan } from '../plan.ts';
import { MOST_STALLED } from './pace.ts';
import type { Pace } from './pace.ts';
import type { PassContext } from './pass.ts';
import { portionsOf } from './portions.ts';
import type { Portion } from './portions.ts';
import type { LoopState, Position, Tally } from './state.ts';
import { withApply } from './tally.ts';
import type { ApprovedPlan } from './types.ts';

const TOO_LONG = {
  id: 'what was approved',
  error: 'what it takes to look at all of it is more than the time of an invocation: trueup apply --plan applies it',
} as const;

/** An approval that was spent is not spent again, though its tree went and came back. */
const SPENT_KEPT = 400;

/** How far a run is with what was approved. */
export interface Progress extends Required<Pick<Position, 'plans' | 'stalled'>> {
  readonly tally: Tally;
}

/** Applies approved plans, portion by portion, as far as the time of this invocation allows. */
export async function applyPlans(
  context: PassContext,
  approved: readonly ApprovedPlan[],
  begun: Progress,
  pace: Pace,
  { onApplied }: { readonly onApplied: (plan: ApprovedPlan) => Promise<void> },
): Promise<Progress & { readonly isOver: boolean }> {
  let { tally, plans, stalled } = begun;
  const ended = (isOver: boolean) => ({ tally, plans, stalled, isOver });
  const isMeant = (document: Address): boolean => !context.isSpared(document) && context.covers(document);
  for (const one of approved) {
    const { digest, plan } = one;
    const portions = portionsOf(plan, context.project, isMeant);
    let { portions: done, open } = plans[digest] ?? { portions: 0 };
    for (const portion of portions.slice(done)) {
      if (!pace.hasTime()) return ended(false);
      const result = await pace.measure(applyPortion(context, portion));
      tally = withApply(tally, 'applied', result);
      if (result.outcome === 'interrupted') {
        stalled = result.done.length > 0 ? 0 : stalled + 1;
        if (stalled < MOST_STALLED) return ended(false);
        stalled = 0;
        tally = { ...tally, failed: [...tally.failed, TOO_LONG] };
        plans = { ...plans, [digest]: { portions: portions.length, open: true } };
        return ended(false);
      }
      stalled = 0;
      done += 1;
      if (result.outcome !== 'applied' && result.outcome !== 'nothing') open = true;
      plans = { ...plans, [digest]: { portions: done, ...(open && { open }) } };
    }
    if (!open) await onApplied(one);
  }
  return ended(true);
}

/** Applies a part of a plan that was approved, by the same seal, guards and lease as `apply --plan` does. */
async function applyPortion(context: PassContext, { reviewed, selection, change }: Portion): Promise<ApplyResult> {
  const { project, aws, options, keeper, stop } = context;
  if (!keeper) throw new Error('a loop that only reports applies nothing');
  const look = () => lookAndPlan(project, aws, options, selection, change);
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

/** What of approved plans is not done yet, also where another approval has carried it over since. */
export function unspent({ spent = [] }: LoopState, approved: readonly ApprovedPlan[]): readonly ApprovedPlan[] {
  return approved.filter((plan) => !spent.includes(planKey(plan)));
}

/** A plan that was applied, or had nothing left. Any other stays approved: the next run tries it again, and says it again. */
export function withSpent(state: LoopState, plan: ApprovedPlan): LoopState {
  const { spent = [] } = state;
  return { ...state, spent: [...spent, planKey(plan)].slice(-SPENT_KEPT) };
}

/** Enough of a digest to tell two plans apart. */
const DIGEST_DIGITS = 24;

/** The same plan may be let pass again, later. */
function planKey({ digest, approvedAt }: ApprovedPlan): string {
  return `${digest.slice(0, DIGEST_DIGITS)} ${approvedAt}`;
}
