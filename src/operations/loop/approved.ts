import { applyEstate, standingGuards } from '../../engine/apply.ts';
import type { Address, ApplyResult } from '../../engine/types.ts';
import { lookAndPlan } from '../plan.ts';
import { MOST_STALLED } from './pace.ts';
import type { Pace } from './pace.ts';
import type { PassContext } from './pass.ts';
import { blockedIn, isOneLook, portionsOf } from './portions.ts';
import type { Portion } from './portions.ts';
import type { LoopState, PlanProgress, Position, Tally } from './state.ts';
import { withApply, withBlocked } from './tally.ts';
import type { ApprovedPlan } from './types.ts';

const TOO_LONG = {
  id: 'what was approved',
  error: 'a part of it takes longer than an invocation may: trueup apply --plan applies it',
} as const;

/** What is done is not done again, whatever carries it over; after seven days nothing does (`carriedOver`). */
const SPENT_KEPT = 400;

const NONE: ReadonlyMap<Address, string> = new Map();

/** How far a run is with what was approved. */
export interface Progress extends Required<Pick<Position, 'plans' | 'stalled'>> {
  readonly tally: Tally;
}

/**
 * Applies approved plans, portion by portion, as far as the time of this invocation allows. Where there are several, each
 * is looked at before the first is applied: a guard that stands in one stops the plan, as it stops any apply.
 */
export async function applyPlans(
  context: PassContext,
  approved: readonly ApprovedPlan[],
  begun: Progress,
  pace: Pace,
  { onApplied }: { readonly onApplied: (plan: ApprovedPlan) => Promise<void> },
): Promise<Progress & { readonly isOver: boolean }> {
  let { tally, plans, stalled } = begun;
  const ended = (isOver: boolean) => ({ tally, plans, stalled, isOver });
  for (const one of approved) {
    const key = planKey(one);
    const blocked = isOneLook(context.project) ? NONE : blockedIn(one.plan);
    const isMeant = (document: Address): boolean =>
      !context.isSpared(document) && context.covers(document) && !blocked.has(document);
    const portions = portionsOf(one.plan, context.project, isMeant);
    let progress = plans[key];
    if (!progress) {
      tally = withBlocked(tally, blocked);
      progress = {
        judged: portions.length > 1 ? 0 : portions.length,
        done: 0,
        ...(blocked.size > 0 && { open: true }),
      };
    }
    while (progress.done < portions.length) {
      if (!pace.hasTime()) return ended(false);
      const isJudging = progress.judged < portions.length;
      const portion = portions[isJudging ? progress.judged : progress.done];
      if (!portion) break;
      const step = await pace.measure(isJudging ? judge(context, portion) : applyPortion(context, portion));
      const isStopped = context.stop.aborted && (isJudging || step.outcome === 'interrupted');
      if (!isJudging || !isStopped) tally = withApply(tally, 'applied', step);
      stalled = isStopped && step.done.length === 0 ? stalled + 1 : 0;
      const isStuck = stalled === MOST_STALLED;
      if (isStuck) [stalled, tally] = [0, { ...tally, failed: [...tally.failed, TOO_LONG] }];
      if (!isStopped || isStuck) progress = after(progress, portions.length, { step, isJudging, isStuck });
      plans = { ...plans, [key]: progress };
      if (isStopped) return ended(false);
    }
    plans = { ...plans, [key]: progress };
    if (!progress.open) await onApplied(one);
  }
  return ended(true);
}

interface Step {
  readonly step: ApplyResult;
  readonly isJudging: boolean;
  readonly isStuck: boolean;
}

/** A guard that stands ends the plan for this run, and so does a part of it that nobody could judge. */
function after(
  { judged, done, open }: PlanProgress,
  portions: number,
  { step, isJudging, isStuck }: Step,
): PlanProgress {
  const isOpen = open === true || isStuck || !['applied', 'nothing'].includes(step.outcome);
  const isEnded = step.guards.length > 0 || (isJudging && isStuck);
  return {
    judged: isJudging ? judged + 1 : judged,
    done: isEnded ? portions : isJudging ? done : done + 1,
    ...(isOpen && { open: true }),
  };
}

/** Looks at a portion, and at the guards that would stop it. Nothing is written. */
async function judge({ project, aws, options }: PassContext, portion: Portion): Promise<ApplyResult> {
  const { reviewed, selection, change } = portion;
  const { world, run: fresh } = await lookAndPlan(project, aws, options, selection, change);
  const guards = standingGuards(world, { fresh, reviewed, overrides: project.settings.overrides });
  return {
    format: 'trueup/apply@1',
    digest: reviewed.digest,
    outcome: guards.length > 0 ? 'refused' : 'nothing',
    done: [],
    failed: [],
    skipped: [],
    refused: [],
    guards,
    replan: null,
    calls: world.calls(),
  };
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
