import type { NotHealed } from '../engine/heal.ts';
import type { ApplyResult, DriftResult, OrphansResult, Plan, VerifyResult } from '../engine/types.ts';
import type { WatchResult } from '../report/watch-result.ts';
import { REPOSITORY } from '../github/repository-verdict.ts';

/** Exit codes, stable within a major version (docs/reference.md). */
export const EXIT = {
  ok: 0,
  error: 1,
  changes: 2,
  stale: 3,
  guard: 4,
  partial: 5,
  notConverged: 6,
  usage: 64,
  invalid: 65,
  interrupted: 130,
  terminated: 143,
} as const;

function isBlocked(plan: Plan): boolean {
  const findings = [...plan.findings, ...plan.documents.flatMap((document) => document.findings)];
  return plan.guards.some(({ allowed }) => !allowed) || findings.some(({ severity }) => severity === 'blocks');
}

/** 1 incomplete, then 4 a guard, foreign object or blocked document, else 0, or 2 where changes count. */
export function exitOfPlan(plan: Plan, detailed: boolean): number {
  if (!plan.complete && !plan.offline) return EXIT.error;
  if (isBlocked(plan)) return EXIT.guard;
  return detailed && plan.actions.length > 0 ? EXIT.changes : EXIT.ok;
}

export function exitOfDrift(drift: DriftResult, detailed: boolean): number {
  if (!drift.complete) return EXIT.error;
  const found = drift.drifted.length + drift.missing.length + drift.orphans.length;
  return detailed && found > 0 ? EXIT.changes : EXIT.ok;
}

/** A setting of the repository that is off guards nothing: 4. What fails, and what could not be looked at: 1. */
export function exitOfVerify({ ok, checks }: VerifyResult): number {
  const isOff = checks.some((check) => check.document === REPOSITORY && !check.ok && !check.unknown);
  if (isOff) return EXIT.guard;
  return ok ? EXIT.ok : EXIT.error;
}

/** Of `fan-out verify`, `backfill`, `redrive` and `test`: 1 where something is left to do; 130 and 143 where it was interrupted. */
export function exitOfFanOutRun(
  { ok, interrupted }: { readonly ok: boolean; readonly interrupted: boolean },
  signal: NodeJS.Signals | undefined,
): number {
  if (interrupted) return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  return ok ? EXIT.ok : EXIT.error;
}

export function exitOfOrphans({ complete, orphans }: OrphansResult, detailed: boolean): number {
  if (!complete) return EXIT.error;
  return detailed && orphans.length > 0 ? EXIT.changes : EXIT.ok;
}

/** Why the documents are left for which a plan ends with 4. */
const IN_THE_WAY: readonly string[] = ['blocked', 'guarded'] satisfies readonly NotHealed[];

/**
 * Of `watch --once`: 65 a configuration that is not valid, 5 done in part, 1 not taken or not looked at, then 4 a document
 * that is blocked or that a guard keeps from being healed, else 0, or 2 where drift counts.
 */
export function exitOfWatch({ outcome, refusal, healed, applied, left }: WatchResult, detailed: boolean): number {
  // Of a run that could look at everything these are named before all others.
  const isInTheWay = left.some(({ why }) => IN_THE_WAY.includes(why));
  switch (outcome) {
    case 'in-line':
    case 'healed':
    case 'applied':
      return isInTheWay ? EXIT.guard : EXIT.ok;
    case 'drifted':
      if (isInTheWay) return EXIT.guard;
      return detailed ? EXIT.changes : EXIT.ok;
    case 'partial':
      return healed + applied > 0 ? EXIT.partial : EXIT.error;
    default:
      return refusal?.code === 'invalid' ? EXIT.invalid : EXIT.error;
  }
}

/**
 * What was done stands before what could not be looked at: 1 says that all of it was done, or nothing was to do, and that
 * nobody could see whether that is all.
 *
 * @param fresh what was planned before; it counts where there was no plan after.
 */
export function exitOfApply(
  { outcome, replan }: ApplyResult,
  signal: NodeJS.Signals | undefined,
  fresh?: Pick<Plan, 'complete'>,
): number {
  switch (outcome) {
    case 'applied':
    case 'nothing':
      return ((replan ?? fresh)?.complete ?? true) ? EXIT.ok : EXIT.error;
    case 'stale':
      return EXIT.stale;
    case 'refused':
      return EXIT.guard;
    case 'partial':
      return EXIT.partial;
    case 'not-converged':
      return EXIT.notConverged;
    case 'interrupted':
      return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  }
}
