import type { ApplyResult, DriftResult, Plan, ValidateResult } from '../engine/types.ts';
import { applyLines } from './apply-text.ts';
import { driftLines } from './drift-text.ts';
import { errorLines } from './error-text.ts';
import { fence } from './markdown.ts';
import type { ApplyOptions, ErrorReport, RenderOptions } from './options.ts';
import { planMarkdown } from './plan-markdown.ts';
import { planLines } from './plan-text.ts';
import { createStyle } from './style.ts';
import type { Line, Style } from './style.ts';
import { validateLines } from './validate-text.ts';

/** `trueup/plan@1` for people; the last line is the count. */
export function renderPlan(plan: Plan, options: RenderOptions): string {
  if (options.format === 'markdown') return planMarkdown(plan, options, pageStyle(options));
  const style = createStyle(options);
  return style.paint(planLines(plan, options, style));
}

/** `trueup/apply@1` for people. */
export function renderApply(result: ApplyResult, options: ApplyOptions): string {
  return render('apply', options, (shown, style) => applyLines(result, { ...options, ...shown }, style));
}

/** `trueup/drift@1` for people. */
export function renderDrift(result: DriftResult, options: RenderOptions): string {
  return render('drift', options, (shown, style) => driftLines(result, shown, style));
}

/** `trueup/validate@1` for people, in the shape of a compiler's messages. */
export function renderValidate(result: ValidateResult, options: RenderOptions): string {
  return render('validate', options, (shown, style) => validateLines(result, shown, style));
}

/** `trueup/error@1` for people. */
export function renderError(error: ErrorReport, options: RenderOptions): string {
  return render('error', options, (shown, style) => errorLines(error, shown, style));
}
