import type { ApproveResult, PublishResult } from '../bundle/result.ts';
import type { AcceptResult } from '../engine/accept/accept.ts';
import type { AdoptResult } from '../engine/adoption.ts';
import type { ExplainResult } from '../engine/explain.ts';
import type { ApplyResult, DriftResult, OrphansResult, Plan, ValidateResult, VerifyResult } from '../engine/types.ts';
import type { FanOutRedriveResult } from '../fan-out/redrive-result.ts';
import type { FanOutStatusResult } from '../fan-out/status-result.ts';
import type { FanOutTestResult } from '../fan-out/test-result.ts';
import type { IamResult } from '../iam/result.ts';
import type { BackfilledDestination, FanOutBackfillResult } from '../fan-out/backfill-result.ts';
import type { FanOutVerifyResult } from '../fan-out/verify-result.ts';
import type { InitResult } from '../init/result.ts';
import type { RenderResult } from '../render/types.ts';
import type { Period } from '../schedule/timeline.ts';
import { acceptLines } from './accept-text.ts';
import { adoptLines } from './adopt-text.ts';
import { applyLines } from './apply-text.ts';
import { driftLines } from './drift-text.ts';
import { errorLines } from './error-text.ts';
import { explainLines } from './explain-text.ts';
import { redriveLines } from './fan-out-redrive-text.ts';
import { statusLines } from './fan-out-status-text.ts';
import { fanOutTestLines } from './fan-out-test-text.ts';
import { iamLines } from './iam-text.ts';
import { initLines } from './init-text.ts';
import type { InitOptions } from './init-text.ts';
import { fanOutBackfillLines, foretoldLines } from './fan-out-backfill-text.ts';
import { fanOutVerifyLines } from './fan-out-verify-text.ts';
import { fence } from './markdown.ts';
import type { ApplyOptions, BackfillOptions, ErrorReport, RenderOptions } from './options.ts';
import { orphansLines } from './orphans-text.ts';
import { planMarkdown } from './plan-markdown.ts';
import { planLines } from './plan-text.ts';
import { previewLines } from './preview-text.ts';
import type { PreviewOptions } from './preview-text.ts';
import { survivalRunLines } from './survival-run-text.ts';
import type { SurvivalRunResult } from '../survival/run-result.ts';
import { createStyle } from './style.ts';
import type { Line, Style } from './style.ts';
import { templatesLines } from './templates-text.ts';
import type { TemplatesOptions } from './templates-text.ts';
import { validateLines } from './validate-text.ts';
import { approveLines, publishLines } from './publish-text.ts';
import { verifyLines } from './verify-text.ts';
import type { WatchResult } from './watch-result.ts';
import { watchLines } from './watch-text.ts';

/** `trueup/plan@1` for people; the last line is the count. */
export function renderPlan(plan: Plan, options: RenderOptions): string {
  if (options.format === 'markdown') return planMarkdown(plan, options, pageStyle(options));
  const style = createStyle(options);
  return style.paint(planLines(plan, options, style));
}

/** `trueup/apply@1` for people. */
export function renderApply(result: ApplyResult, options: ApplyOptions): string {
  return render('apply', options, (style) => applyLines(result, options, style));
}

/** `trueup/drift@1` for people. */
export function renderDrift(result: DriftResult, options: RenderOptions): string {
  return render('drift', options, (style) => driftLines(result, options, style));
}

/** `trueup/drift@1` of a document whose drift is accepted, for people. */
export function renderAccept(result: AcceptResult, options: RenderOptions): string {
  return render('drift --accept', options, (style) => acceptLines(result, options, style));
}

/** `trueup/orphans@1` for people. */
export function renderOrphans(result: OrphansResult, options: RenderOptions): string {
  return render('orphans', options, (style) => orphansLines(result, options, style));
}

/** `trueup/validate@1` for people, in the shape of a compiler's messages. */
export function renderValidate(result: ValidateResult, options: RenderOptions): string {
  return render('validate', options, (style) => validateLines(result, options, style));
}

/** `trueup/verify@1` for people. */
export function renderVerify(result: VerifyResult, options: RenderOptions): string {
  return render('verify', options, (style) => verifyLines(result, options, style));
}

/** `trueup/fan-out-verify@1` for people. */
export function renderFanOutVerify(result: FanOutVerifyResult, options: RenderOptions): string {
  return render('fan-out verify', options, (style) => fanOutVerifyLines(result, options, style));
}

/** `trueup/fan-out-backfill@1` for people. */
export function renderFanOutBackfill(result: FanOutBackfillResult, options: BackfillOptions): string {
  return render('fan-out backfill', options, (style) => fanOutBackfillLines(result, options, style));
}

/** What a backfill takes, before it begins. */
export function renderForetold(destinations: readonly BackfilledDestination[], options: RenderOptions): string {
  const style = createStyle(options);
  return style.paint(foretoldLines(destinations, style));
}

/** `trueup/survival-run@1` for people. */
export function renderSurvivalRun(result: SurvivalRunResult, options: RenderOptions): string {
  return render('survival run', options, (style) => survivalRunLines(result, options, style));
}

/** `trueup/adopt@1` for people. */
export function renderAdopt(result: AdoptResult, options: RenderOptions): string {
  return render('adopt', options, (style) => adoptLines(result, options, style));
}

/** `trueup/init@1` for people. */
export function renderInit(result: InitResult, options: InitOptions): string {
  return render('init', options, (style) => initLines(result, options, style));
}

/** `trueup/explain@1` for people. */
export function renderExplain(result: ExplainResult, options: RenderOptions): string {
  return render('explain', options, (style) => explainLines(result, options, style));
}

/** `trueup/publish@1` for people. */
export function renderPublish(result: PublishResult, options: RenderOptions): string {
  return render('publish', options, (style) => publishLines(result, options, style));
}

/** `trueup/approve@1` for people. */
export function renderApprove(result: ApproveResult, options: RenderOptions): string {
  return render('approve', options, (style) => approveLines(result, options, style));
}

/** `trueup/fan-out-redrive@1` for people. */
export function renderFanOutRedrive(result: FanOutRedriveResult, options: RenderOptions): string {
  return render('fan-out redrive', options, (style) => redriveLines(result, options, style));
}

/** `trueup/fan-out-status@1` for people. */
export function renderFanOutStatus(result: FanOutStatusResult, options: RenderOptions): string {
  return render('fan-out status', options, (style) => statusLines(result, options, style));
}

/** `trueup/fan-out-test@1` for people. */
export function renderFanOutTest(result: FanOutTestResult, options: RenderOptions): string {
  return render('fan-out test', options, (style) => fanOutTestLines(result, options, style));
}

/** `trueup/iam@1` for people. */
export function renderIam(result: IamResult, options: RenderOptions): string {
  return render('iam', options, (style) => iamLines(result, options, style));
}

/** `trueup/watch@1` for people: one line, and what there is to know under it. */
export function renderWatch(result: WatchResult, options: RenderOptions): string {
  const style = createStyle(options);
  return style.paint(watchLines(result, style));
}

/** `trueup/render@1` as files, for people. */
export function renderTemplates(result: RenderResult, options: TemplatesOptions): string {
  return render('render', options, (style) => templatesLines(result, options, style));
}

/** `trueup/preview@1` of a schedule, for people. */
export function renderPreview(period: Period, options: PreviewOptions): string {
  return render('preview', options, (style) => previewLines(period, options, style));
}

/** `trueup/error@1` for people. */
export function renderError(error: ErrorReport, options: RenderOptions): string {
  return render('error', options, (style) => errorLines(error, options, style));
}

function render(title: string, options: RenderOptions, linesOf: (style: Style) => readonly Line[]): string {
  if (options.format === 'text') {
    const style = createStyle(options);
    return style.paint(linesOf(style));
  }
  const style = pageStyle(options);
  const lines = linesOf(style);
  const body = lines.slice(0, -1);
  const evidence = body.length === 0 ? '' : `${fence(style.paint(body))}\n`;
  return `### trueup ${title}\n\n${evidence}${style.paint(lines.slice(-1))}`;
}

/** A page is UTF-8 and has no colours of its own. */
function pageStyle({ width }: RenderOptions): Style {
  return createStyle({ width, color: false, unicode: true });
}
