import type { ApplyResult, DriftResult, Plan, ValidateResult } from '../../src/engine/types.ts';
import { planAnnotations, validateAnnotations } from '../../src/github/annotations.ts';
import { driftIssue } from '../../src/github/bodies/drift-issue.ts';
import { errorComment, invalidComment, planComment } from '../../src/github/bodies/plan-comment.ts';
import { withStatus } from '../../src/github/bodies/status.ts';
import {
  applySummary,
  driftSummary,
  errorSummary,
  invalidSummary,
  planSummary,
} from '../../src/github/bodies/summary.ts';
import { renderJson, renderNdjson, toErrorJson } from '../../src/report/json.ts';
import type { ErrorReport, RenderOptions } from '../../src/report/options.ts';
import {
  renderApply,
  renderDrift,
  renderError,
  renderPlan,
  renderValidate,
  renderWatch,
} from '../../src/report/render.ts';
import type { WatchResult } from '../../src/report/watch-result.ts';
import { FACTS, LOOK } from '../golden/body-fixtures.ts';
import { hostileBreak, hostileRefusal, hostileWatch } from '../golden/watch-fixtures.ts';
import { hostileApply, hostileDrift, hostileError, hostileInvalid, hostilePlan } from '../golden/hostile-fixtures.ts';

/** Everything that people or programs read, made of results that strangers had their hands in. */

/** How a text is read: by eyes on a terminal, as a page of GitHub, as JSON, as commands of the runner. */
type Medium = 'terminal' | 'page' | 'json' | 'commands';

interface Rendering {
  readonly name: string;
  readonly medium: Medium;
  readonly text: string;
}

const TERMINAL: RenderOptions = { format: 'text', width: 80, unicode: true, color: false };
const MARKDOWN: RenderOptions = { format: 'markdown', width: 100, unicode: true, color: false };
const HEAD = FACTS.head;

export function planRenderings(plan: Plan): readonly Rendering[] {
  return [
    ...terminal('plan', (options) => renderPlan(plan, { ...options, exitCode: 4 })),
    ...terminal('plan --records', (options) => renderPlan(plan, { ...options, records: true })),
    page('plan', renderPlan(plan, { ...MARKDOWN, records: true })),
    page('comment', planComment(plan, FACTS)),
    page('comment on one into another branch', planComment(plan, { ...FACTS, into: plan.documents[0]?.name ?? 'dev' })),
    page('offline comment', planComment(plan, { ...FACTS, offline: true })),
    page('summary of a plan', planSummary(plan, FACTS)),
    ...json('plan', plan),
    { name: 'annotations of a plan', medium: 'commands', text: planAnnotations(plan) },
  ];
}

export function applyRenderings(result: ApplyResult, plan: Plan): readonly Rendering[] {
  const status = { kind: 'applied', at: LOOK.at, result, plan } as const;
  return [
    ...terminal('apply', (options) => renderApply(result, { ...options, plan, exitCode: 3 })),
    page('apply', renderApply(result, { ...MARKDOWN, plan })),
    page('comment after apply', withStatus(planComment(plan, FACTS), status)),
    page('summary of apply', applySummary(result, plan)),
    ...json('apply', result),
  ];
}

export function driftRenderings(result: DriftResult): readonly Rendering[] {
  const { title, body } = driftIssue(result, { ...LOOK, scope: 'default' });
  return [
    ...terminal('drift', (options) => renderDrift(result, { ...options, records: true, exitCode: 2 })),
    page('drift', renderDrift(result, MARKDOWN)),
    page('title of the issue', title),
    page('issue', body),
    page('summary of drift', driftSummary(result, LOOK)),
    ...json('drift', result),
  ];
}

export function validateRenderings(result: ValidateResult): readonly Rendering[] {
  return [
    ...terminal('validate', (options) => renderValidate(result, { ...options, exitCode: 65 })),
    page('validate', renderValidate(result, MARKDOWN)),
    page('comment on an invalid configuration', invalidComment(result, { scope: 'default', head: HEAD })),
    page('summary of validate', invalidSummary(result, { scope: 'default', head: HEAD })),
    ...json('validate', result),
    { name: 'annotations of validate', medium: 'commands', text: validateAnnotations(result) },
  ];
}

export function errorRenderings(error: ErrorReport): readonly Rendering[] {
  return [
    ...terminal('error', (options) => renderError(error, { ...options, exitCode: 1 })),
    page('error', renderError(error, MARKDOWN)),
    page('comment on an error', errorComment(error, { scope: 'default', head: HEAD })),
    page('summary of an error', errorSummary(error, { scope: 'default', head: HEAD })),
    ...json('error', toErrorJson(error)),
  ];
}

function watchRenderings(result: WatchResult): readonly Rendering[] {
  return [...terminal('watch', (options) => renderWatch(result, options)), ...json('watch', result)];
}

/** One text in every field of every result. */
export function renderings(text: string): readonly Rendering[] {
  const status = { kind: 'out-of-date', pull: 12, documents: [text] } as const;
  const facts = {
    ...FACTS,
    scope: text,
    head: text,
    run: { url: `x${text}` },
    elsewhere: { objects: 2, url: `x${text}` },
  };
  const plan = hostilePlan(text);
  return [
    ...planRenderings(plan),
    ...applyRenderings(hostileApply(text), plan),
    ...driftRenderings(hostileDrift(text)),
    ...validateRenderings(hostileInvalid(text)),
    ...errorRenderings(hostileError(text)),
    ...[hostileWatch, hostileRefusal, hostileBreak].flatMap((make) => watchRenderings(make(text))),
    page('comment of hostile facts', withStatus(planComment(plan, facts), status)),
    page(
      'issue of hostile facts',
      driftIssue(hostileDrift(text), { scope: text, at: text, run: { url: `x${text}` } }).body,
    ),
  ];
}

function terminal(name: string, render: (options: RenderOptions) => string): readonly Rendering[] {
  return [
    { name, medium: 'terminal', text: render(TERMINAL) },
    { name: `${name}, ASCII`, medium: 'terminal', text: render({ ...TERMINAL, unicode: false }) },
    { name: `${name}, colours`, medium: 'terminal', text: render({ ...TERMINAL, color: true }) },
  ];
}

function page(name: string, text: string): Rendering {
  return { name, medium: 'page', text };
}

function json(name: string, document: { readonly format: string }): readonly Rendering[] {
  return [
    { name: `${name}, JSON`, medium: 'json', text: renderJson(document) },
    { name: `${name}, NDJSON`, medium: 'json', text: renderNdjson(document) },
  ];
}
