import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderJson, renderNdjson, toErrorJson, toPlanJson } from '../../src/report/json.ts';
import type { ErrorReport, RenderOptions } from '../../src/report/options.ts';
import {
  renderAccept,
  renderAdopt,
  renderApply,
  renderApprove,
  renderDrift,
  renderError,
  renderExplain,
  renderFanOutRedrive,
  renderFanOutStatus,
  renderFanOutTest,
  renderInit,
  renderOrphans,
  renderPlan,
  renderPreview,
  renderPublish,
  renderSurvivalRun,
  renderTemplates,
  renderValidate,
  renderVerify,
  renderWatch,
} from '../../src/report/render.ts';
import { weekSvg } from '../../src/report/week-svg.ts';
import { documentDrift, documentPlan } from './document-fixtures.ts';
import { acceptedDrift, hostileAccept, nothingAccepted } from './accept-fixtures.ts';
import { adoptable, adoptWritten, hostileAdopt, nothingToAdopt } from './adopt-fixtures.ts';
import { explained, explainedObject, explainedUndeclared, hostileExplanation } from './explain-fixtures.ts';
import {
  doneApply,
  drifted,
  emptyPlan,
  guardedApply,
  guardPlan,
  hostilePlan,
  incompletePlan,
  invalid,
  largePlan,
  manyFaults,
  mixedPlan,
  muchDrift,
  noDrift,
  oneChangePlan,
  partialApply,
  refusedApply,
  valid,
} from './fixtures.ts';
import { invoked, repositoryVerified, verified } from './function-fixtures.ts';
import { initiated } from './init-fixtures.ts';
import {
  awayPreview,
  disabledPreview,
  hostilePreview,
  londonPreview,
  timelinePlan,
} from './schedule-fixtures.ts';
import { askedKey, probedFanOut, redrivenLetters, troubledFanOut } from './fan-out-fixtures.ts';
import { interruptedSurvivalRun, survivalRun } from './survival-fixtures.ts';
import { approvedPlans, nothingPublished, publishedBundles } from './publish-fixtures.ts';
import { hostileRendering, rendered } from './render-fixtures.ts';
import { heldBackPlan, orphaned, orphanedUnseen, prunePlan } from './prune-fixtures.ts';
import {
  brokenWatch,
  busyWatch,
  driftedWatch,
  healedWatch,
  hostileWatch,
  inLineWatch,
  refusedWatch,
} from './watch-fixtures.ts';

const FOLDER = fileURLToPath(new URL('report/', import.meta.url));
const UPDATES = process.env['UPDATE_GOLDEN'] === '1';

const HOSTILE = '\u001b[31m`|</details>@team\r\u202e\ud800e\u0301\u0430##[error]';

const lease: ErrorReport = {
  code: 'TU3004',
  message: 'another apply holds the lease of acme-network',
  hint: 'wait until it ends, then run the same command again',
  holder: 'github-run-118',
  expires: '2026-11-23T10:44:00Z',
  hints: ['the lease is renewed every 20 s', 'it can be taken over 65 s after its last renewal'],
};

const renders: readonly (readonly [name: string, render: (options: RenderOptions) => string])[] = [
  ['plan-empty', (options) => renderPlan(emptyPlan, options)],
  ['plan-one', (options) => renderPlan(oneChangePlan, options)],
  ['plan-one-records', (options) => renderPlan(oneChangePlan, { ...options, records: true })],
  ['plan-mixed', (options) => renderPlan(mixedPlan, options)],
  ['plan-300', (options) => renderPlan(largePlan(), options)],
  ['plan-hostile', (options) => renderPlan(hostilePlan(HOSTILE), options)],
  ['plan-guard', (options) => renderPlan(guardPlan, { ...options, exitCode: 4 })],
  ['plan-incomplete', (options) => renderPlan(incompletePlan, { ...options, exitCode: 1 })],
  ['plan-prune', (options) => renderPlan(prunePlan, { ...options, exitCode: 4 })],
  ['plan-held-back', (options) => renderPlan(heldBackPlan, { ...options, exitCode: 1 })],
  ['apply-done', (options) => renderApply(doneApply, { ...options, plan: mixedPlan, exitCode: 0 })],
  ['apply-refused', (options) => renderApply(refusedApply, { ...options, plan: mixedPlan, exitCode: 3 })],
  ['apply-partial', (options) => renderApply(partialApply, { ...options, exitCode: 5 })],
  ['apply-guard', (options) => renderApply(guardedApply, { ...options, plan: mixedPlan, exitCode: 4 })],
  ['drift', (options) => renderDrift(drifted, { ...options, exitCode: 0, elapsed: 4_200 })],
  ['drift-much', (options) => renderDrift(muchDrift, { ...options, exitCode: 2 })],
  ['drift-none', (options) => renderDrift(noDrift, { ...options, exitCode: 0, elapsed: 4_200 })],
  ['watch', (options) => watched(options)],
  ['watch-hostile', (options) => renderWatch(hostileWatch(HOSTILE), options)],
  ['orphans', (options) => renderOrphans(orphaned, { ...options, exitCode: 0, elapsed: 4_200 })],
  ['orphans-incomplete', (options) => renderOrphans(orphanedUnseen, { ...options, exitCode: 1 })],
  ['validate', (options) => renderValidate(invalid, { ...options, exitCode: 65 })],
  ['validate-many', (options) => renderValidate(manyFaults, { ...options, exitCode: 65 })],
  ['validate-ok', (options) => renderValidate(valid, { ...options, exitCode: 0 })],
  ['error', (options) => renderError(lease, { ...options, exitCode: 1 })],
  ['adopt', (options) => renderAdopt(adoptable, { ...options, exitCode: 1 })],
  ['adopt-none', (options) => renderAdopt(nothingToAdopt, options)],
  ['adopt-written', (options) => renderAdopt(adoptWritten, options)],
  ['adopt-hostile', (options) => renderAdopt(hostileAdopt(HOSTILE), options)],
  ['accept', (options) => renderAccept(acceptedDrift, { ...options, exitCode: 0 })],
  ['accept-none', (options) => renderAccept(nothingAccepted, { ...options, exitCode: 1 })],
  ['accept-hostile', (options) => renderAccept(hostileAccept(HOSTILE), { ...options, exitCode: 0 })],
  ['init', (options) => renderInit(initiated, { ...options, directory: '.', exitCode: 4 })],
  ['init-elsewhere', (options) => renderInit(initiated, { ...options, directory: `/srv/${HOSTILE}` })],
  ['plan-timeline', (options) => renderPlan(timelinePlan, options)],
  ['plan-document', (options) => renderPlan(documentPlan, options)],
  ['drift-document', (options) => renderDrift(documentDrift, { ...options, exitCode: 0 })],
  ['preview', (options) => renderPreview(londonPreview.period, { ...options, disabled: false })],
  ['preview-away', (options) => renderPreview(awayPreview.period, { ...options, disabled: false })],
  ['preview-disabled', (options) => renderPreview(disabledPreview.period, { ...options, disabled: true })],
  ['preview-hostile', (options) => renderPreview(hostilePreview(HOSTILE).period, { ...options, disabled: false })],
  ['verify', (options) => renderVerify(verified, { ...options, exitCode: 1 })],
  ['verify-github', (options) => renderVerify(repositoryVerified(HOSTILE), { ...options, exitCode: 4 })],
  ['publish', (options) => renderPublish(publishedBundles, { ...options, exitCode: 0, elapsed: 1_300 })],
  ['publish-none', (options) => renderPublish(nothingPublished, options)],
  ['approve', (options) => renderApprove(approvedPlans, { ...options, exitCode: 0, elapsed: 1_300 })],
  ['fan-out-redrive', (options) => renderFanOutRedrive(redrivenLetters(), { ...options, exitCode: 1, elapsed: 4_200 })],
  ['fan-out-redrive-hostile', (options) => renderFanOutRedrive(redrivenLetters(HOSTILE), options)],
  ['fan-out-status', (options) => renderFanOutStatus(troubledFanOut(), { ...options, elapsed: 4_200 })],
  ['fan-out-status-hostile', (options) => renderFanOutStatus(troubledFanOut(HOSTILE), options)],
  ['fan-out-status-key', (options) => renderFanOutStatus(askedKey(), options)],
  ['fan-out-status-key-hostile', (options) => renderFanOutStatus(askedKey(HOSTILE), options)],
  ['fan-out-test', (options) => renderFanOutTest(probedFanOut(), { ...options, exitCode: 1, elapsed: 61_000 })],
  ['fan-out-test-hostile', (options) => renderFanOutTest(probedFanOut(HOSTILE), options)],
  ['survival-run', (options) => renderSurvivalRun(survivalRun(), options)],
  ['survival-run-hostile', (options) => renderSurvivalRun(survivalRun(HOSTILE), options)],
  ['survival-run-interrupted', (options) => renderSurvivalRun(interruptedSurvivalRun(), { ...options, exitCode: 130 })],
  ['render', (options) => renderTemplates(rendered, { ...options, directory: 'way-out', exitCode: 0 })],
  [
    'render-hostile',
    (options) => renderTemplates(hostileRendering(HOSTILE), { ...options, directory: `it's ${HOSTILE}` }),
  ],
  ['explain', (options) => renderExplain(explained, { ...options, exitCode: 1 })],
  ['explain-object', (options) => renderExplain(explainedObject, { ...options, elapsed: 900 })],
  ['explain-undeclared', (options) => renderExplain(explainedUndeclared, options)],
  ['explain-hostile', (options) => renderExplain(hostileExplanation(HOSTILE), options)],
];

/** Runs as they stand under one another. */
function watched(options: RenderOptions): string {
  const runs = [inLineWatch, driftedWatch, healedWatch, refusedWatch, busyWatch, brokenWatch];
  return runs.map((run) => renderWatch(run, options)).join('');
}

const shapes: readonly (readonly [suffix: string, options: RenderOptions])[] = [
  ['80.txt', { format: 'text', width: 80, unicode: true, color: false }],
  ['120.txt', { format: 'text', width: 120, unicode: true, color: false }],
  ['ascii.txt', { format: 'text', width: 80, unicode: false, color: false }],
  ['md', { format: 'markdown', width: 100, unicode: true, color: false }],
];

describe.each(shapes)('%s', (suffix, options) => {
  it.each(renders)('%s is as reviewed', (name, render) => {
    const report = render(options);
    expect(report).toBe(golden(`${name}.${suffix}`, report));
  });
});

it('colour is as reviewed', () => {
  const report = renderPlan(mixedPlan, { format: 'text', width: 80, unicode: true, color: true });
  expect(report).toBe(golden('plan-mixed.color.txt', report));
});

const documents = [
  ['plan.json', renderJson(toPlanJson(mixedPlan, { records: false }))],
  ['plan-records.json', renderJson(toPlanJson(oneChangePlan, { records: true }))],
  ['plan-document.json', renderJson(documentPlan)],
  ['drift-document.json', renderJson(documentDrift)],
  ['plan-prune.json', renderJson(toPlanJson(prunePlan, { records: false }))],
  ['plan-hostile.json', renderJson(hostilePlan(HOSTILE))],
  ['apply.json', renderJson(refusedApply)],
  ['drift.json', renderJson(muchDrift)],
  ['watch.json', renderJson(driftedWatch)],
  ['watch-refused.json', renderJson(refusedWatch)],
  ['orphans.json', renderJson(orphaned)],
  ['validate.json', renderJson(manyFaults)],
  ['error.json', renderJson(toErrorJson(lease))],
  ['adopt.json', renderJson(adoptable)],
  ['accept.json', renderJson(acceptedDrift)],
  ['accept-hostile.json', renderJson(hostileAccept(HOSTILE))],
  ['init.json', renderJson(initiated)],
  ['adopt-hostile.json', renderJson(hostileAdopt(HOSTILE))],
  ['preview.json', renderJson(londonPreview.preview)],
  ['preview.ndjson', renderNdjson(londonPreview.preview)],
  ['preview.svg', weekSvg(londonPreview.period)],
  ['preview-hostile.svg', weekSvg(hostilePreview(HOSTILE).period)],
  ['verify.json', renderJson(verified)],
  ['verify-github.json', renderJson(repositoryVerified(HOSTILE))],
  ['publish.json', renderJson(publishedBundles)],
  ['fan-out-redrive.json', renderJson(redrivenLetters())],
  ['fan-out-status.json', renderJson(troubledFanOut())],
  ['fan-out-status-key.json', renderJson(askedKey())],
  ['fan-out-test.json', renderJson(probedFanOut())],
  ['survival-run.json', renderJson(survivalRun())],
  ['survival-run-interrupted.json', renderJson(interruptedSurvivalRun())],
  ['publish.ndjson', renderNdjson(publishedBundles)],
  ['approve.json', renderJson(approvedPlans)],
  ['invoke.json', renderJson(invoked)],
  ['render-hostile.json', renderJson(hostileRendering(HOSTILE))],
  ['explain.json', renderJson(explained)],
  ['explain-undeclared.json', renderJson(explainedUndeclared)],
  ['plan.ndjson', renderNdjson(toPlanJson(mixedPlan, { records: false }))],
  ['apply.ndjson', renderNdjson(refusedApply)],
  ['error.ndjson', renderNdjson(toErrorJson(lease))],
  ['accept.ndjson', renderNdjson(acceptedDrift)],
  ['init.ndjson', renderNdjson(initiated)],
  ['adopt.ndjson', renderNdjson(adoptable)],
  ['verify.ndjson', renderNdjson(verified)],
  ['explain.ndjson', renderNdjson(explained)],
] as const;

it.each(documents)('%s is as reviewed', (name, text) => {
  expect(text).toBe(golden(name, text));
});

/** The reviewed text; with UPDATE_GOLDEN=1 the new text becomes it. */
function golden(name: string, text: string): string {
  if (UPDATES) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(FOLDER + name, text);
  }
  return readFileSync(FOLDER + name, 'utf8');
}
