import type { ApplyResult, DriftResult, Plan, ValidateResult } from '../../engine/types.ts';
import { applyLines } from '../../report/apply-text.ts';
import type { ErrorReport } from '../../report/options.ts';
import { driftPage } from './drift-page.ts';
import type { LookFacts } from './drift-page.ts';
import type { CommentFacts, PlanCommentFacts } from './facts.ts';
import { evidence, errorPage, invalidPage } from './fault-page.ts';
import { PAGE } from './page.ts';
import { planPage } from './plan-page.ts';
import { SUMMARY_LIMIT, sizeOf } from './room.ts';

/** Job summaries: the bodies of comments and issues without their markers, with more room. */

export function planSummary(plan: Plan, facts: PlanCommentFacts): string {
  return planPage(plan, facts, SUMMARY_LIMIT);
}

export function invalidSummary(result: ValidateResult, facts: CommentFacts): string {
  return invalidPage(result, facts, SUMMARY_LIMIT);
}

export function errorSummary(error: ErrorReport, facts: CommentFacts): string {
  return errorPage(error, facts, SUMMARY_LIMIT);
}

/** @param plan that was applied: gives the actions their names and the count its total. */
export function applySummary(result: ApplyResult, plan?: Plan): string {
  const head = '### trueup apply\n\n';
  const options = { format: 'markdown', color: false, unicode: true, width: PAGE.width } as const;
  const lines = applyLines(result, { ...options, ...(plan && { plan }) }, PAGE);
  return `${head}${evidence(lines, SUMMARY_LIMIT - sizeOf(head))}`;
}

export function driftSummary(result: DriftResult, look: LookFacts): string {
  return driftPage(result, look, SUMMARY_LIMIT);
}
