import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { driftIssue, goneComment, returnedComment } from '../../src/github/bodies/drift-issue.ts';
import { loopIssue } from '../../src/github/bodies/loop-issue.ts';
import { errorComment, invalidComment, planComment } from '../../src/github/bodies/plan-comment.ts';
import { withStatus } from '../../src/github/bodies/status.ts';
import { applySummary, driftSummary, errorSummary, invalidSummary, planSummary } from '../../src/github/bodies/summary.ts';
import { planAnnotations, validateAnnotations } from '../../src/github/annotations.ts';
import {
  FACTS,
  LOOK,
  everythingPlan,
  manyDeletesPlan,
  manyDriftedResult,
  offlinePlan,
  recordsGonePlan,
} from './body-fixtures.ts';
import {
  doneApply,
  drifted,
  emptyPlan,
  guardPlan,
  guardedApply,
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
} from './fixtures.ts';
import { hostileApply, hostileDrift, hostileError, hostileInvalid, hostilePlan } from './hostile-fixtures.ts';
import { hostileLoop, loopDrifted, loopMixed, manyLoopDrifted } from './loop-fixtures.ts';
import { timelinePlan } from './schedule-fixtures.ts';

const FOLDER = fileURLToPath(new URL('bodies/', import.meta.url));
const UPDATES = process.env['UPDATE_GOLDEN'] === '1';

const HOSTILE = '\u001b[31m`|</details>@team\r\u202e\ud800e\u0301\u0430##[error]';
/** Bidi, zero width, tags, and a Cyrillic letter among Latin ones (threats T21). */
const UNSEEN = 'p\u0430y\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\ufeff\u{e0041}';
const DENIED = { code: 'TU2003', message: 'the plan role may not be assumed', hint: 'trueup iam prints its trust' };
const ELSEWHERE = { objects: 1, url: 'https://github.com/acme/network/issues/7' };
const AT = '2026-11-23T10:44:10Z';
const applied = (result: typeof doneApply) => ({ kind: 'applied', at: AT, result, plan: mixedPlan }) as const;
const OUT_OF_DATE = { kind: 'out-of-date', pull: 12, documents: ['ZoneMirror/corp'] } as const;

const LOOP = { scope: 'loop/acme-network/main', owner: 'acme-network', at: LOOK.at };
const { marker } = driftIssue(drifted, { ...LOOK, scope: 'default' });

const bodies: readonly (readonly [name: string, body: () => string])[] = [
  ['plan-empty', () => planComment(emptyPlan, FACTS)],
  ['plan-one', () => planComment(oneChangePlan, FACTS)],
  ['plan-into', () => planComment(oneChangePlan, { ...FACTS, into: 'release/1.x', elsewhere: ELSEWHERE })],
  ['plan-into-hostile', () => planComment(oneChangePlan, { ...FACTS, into: HOSTILE })],
  ['plan-mixed', () => planComment(mixedPlan, { ...FACTS, elsewhere: ELSEWHERE })],
  ['plan-timeline', () => planComment(timelinePlan, FACTS)],
  ['plan-guard', () => planComment(guardPlan, FACTS)],
  ['plan-incomplete', () => planComment(incompletePlan, FACTS)],
  ['plan-300', () => planComment(largePlan(), FACTS)],
  ['plan-5000', () => planComment(largePlan(24, 5_000), FACTS)],
  ['plan-5000-deletes', () => planComment(manyDeletesPlan(), FACTS)],
  ['plan-5000-records', () => planComment(recordsGonePlan(), FACTS)],
  ['plan-everything', () => planComment(everythingPlan(), FACTS)],
  ['plan-hostile', () => planComment(hostilePlan(HOSTILE), FACTS)],
  ['plan-unseen', () => planComment(hostilePlan(UNSEEN), FACTS)],
  ['issue-unseen', () => issueText(driftIssue(hostileDrift(UNSEEN), { ...LOOK, scope: 'default' }))],
  ['plan-offline', () => planComment(offlinePlan, { ...FACTS, offline: true })],
  ['plan-invalid', () => invalidComment(manyFaults, FACTS)],
  ['plan-invalid-hostile', () => invalidComment(hostileInvalid(HOSTILE), FACTS)],
  ['plan-error', () => errorComment(DENIED, FACTS)],
  ['plan-error-hostile', () => errorComment(hostileError(HOSTILE), FACTS)],
  ['plan-applied', () => planComment(mixedPlan, { ...FACTS, status: applied(doneApply) })],
  ['plan-refused', () => planComment(mixedPlan, { ...FACTS, status: applied(refusedApply) })],
  ['plan-partly', () => planComment(mixedPlan, { ...FACTS, status: applied(partialApply) })],
  ['plan-guarded', () => planComment(mixedPlan, { ...FACTS, status: applied(guardedApply) })],
  ['plan-out-of-date', () => withStatus(planComment(mixedPlan, FACTS), OUT_OF_DATE)],
  ['plan-refused-hostile', () => withStatus(planComment(oneChangePlan, FACTS), applied(hostileApply(HOSTILE)))],
  ['issue', () => issueText(driftIssue(drifted, { ...LOOK, scope: 'default' }))],
  ['issue-much', () => issueText(driftIssue(muchDrift, { ...LOOK, scope: 'default' }))],
  ['issue-5000', () => issueText(driftIssue(manyDriftedResult(), { ...LOOK, scope: 'default' }))],
  ['issue-hostile', () => issueText(driftIssue(hostileDrift(HOSTILE), { ...LOOK, scope: 'default' }))],
  ['loop-issue', () => issueText(loopIssue(loopDrifted, LOOP))],
  ['loop-issue-mixed', () => issueText(loopIssue(loopMixed, LOOP))],
  ['loop-issue-5000', () => issueText(loopIssue(manyLoopDrifted(), LOOP))],
  ['loop-issue-hostile', () => issueText(loopIssue(hostileLoop(HOSTILE), { ...LOOP, owner: HOSTILE, at: HOSTILE }))],
  ['loop-issue-unseen', () => issueText(loopIssue(hostileLoop(UNSEEN), LOOP))],
  ['issue-comments', () => [goneComment(LOOK), returnedComment(marker, LOOK)].join('\n')],
  ['summary-plan', () => planSummary(mixedPlan, FACTS)],
  ['summary-apply', () => applySummary(refusedApply, mixedPlan)],
  ['summary-drift', () => driftSummary(noDrift, LOOK)],
  ['summary-invalid', () => invalidSummary(invalid, FACTS)],
  ['summary-error', () => errorSummary(DENIED, FACTS)],
  ['annotations-invalid', () => validateAnnotations(manyFaults)],
  ['annotations-plan', () => planAnnotations(mixedPlan) + planAnnotations(guardPlan)],
  ['annotations-hostile', () => validateAnnotations(hostileInvalid(HOSTILE)) + planAnnotations(hostilePlan(HOSTILE))],
];

it.each(bodies)('%s is as reviewed', (name, bodyOf) => {
  const body = bodyOf();
  expect(body).toBe(golden(`${name}.md`, body));
});

function issueText({ title, body }: ReturnType<typeof driftIssue>): string {
  return `${title}\n\n${body}`;
}

/** The reviewed text; with UPDATE_GOLDEN=1 the new text becomes it. */
function golden(name: string, text: string): string {
  if (UPDATES) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(FOLDER + name, text);
  }
  return readFileSync(FOLDER + name, 'utf8');
}
