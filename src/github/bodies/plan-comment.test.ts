import { describe, expect, it } from 'vitest';
import {
  FACTS,
  everythingPlan,
  manyDeletesPlan,
  offlinePlan,
  recordsGonePlan,
} from '../../../test/golden/body-fixtures.ts';
import {
  doneApply,
  emptyPlan,
  guardPlan,
  largePlan,
  mixedPlan,
  oneChangePlan,
  planOf,
  plannedAction,
  plannedDocument,
} from '../../../test/golden/fixtures.ts';
import { readMarker } from '../marker.ts';
import { planComment } from './plan-comment.ts';
import { BODY_LIMIT, SUMMARY_LIMIT } from './room.ts';
import { withStatus } from './status.ts';
import { planSummary } from './summary.ts';

const DIGEST = guardPlan.digest;

function sizes(body: string): readonly [units: number, octets: number] {
  return [body.length, Buffer.byteLength(body)];
}

/** Numbers that stand before a word, added up. */
function sum(body: string, pattern: RegExp): number {
  return [...body.matchAll(pattern)].reduce((total, [, number = '']) => total + Number(number.replaceAll(',', '')), 0);
}

describe('what is cut', () => {
  it.each([
    ['300 changes', largePlan()],
    ['5,000 changes', largePlan(24, 5_000)],
    ['5,000 deletes', manyDeletesPlan()],
    ['5,000 records', recordsGonePlan()],
    ['2,000 of everything', everythingPlan()],
    [
      '300 changes of names in Chinese',
      planOf({
        documents: Array.from({ length: 300 }, (_, at) => plannedDocument(`\u4e2d\u6587${'\u5b57'.repeat(60)}${at}`)),
        actions: Array.from({ length: 300 }, (_, at) =>
          plannedAction(`ZoneMirror/\u4e2d\u6587${'\u5b57'.repeat(60)}${at}`, 'zone', { action: 'delete' }),
        ),
      }),
    ],
  ])('%s fit, in UTF-16 units and in octets, with room for the status', (_, plan) => {
    const comment = planComment(plan, FACTS);
    for (const size of sizes(comment)) expect(size).toBeLessThanOrEqual(BODY_LIMIT - 8_000);
    const summary = planSummary(plan, FACTS);
    for (const size of sizes(summary)) expect(size).toBeLessThanOrEqual(SUMMARY_LIMIT);
    expect(readMarker(comment, 'plan')?.digest).toBe(plan.digest);
  });

  it('names each of a few deletes', () => {
    const comment = planComment(largePlan(), FACTS);
    const named = comment.match(/^> - deletes `HostedZone` `Z\d{12}` of `ZoneMirror\/site-\d{3}`$/gmu);
    expect(named).toHaveLength(43);
  });

  it('counts the deletes that have no room for a name: none is lost', () => {
    const comment = planComment(manyDeletesPlan(), FACTS);
    const named = comment.match(/`ZA*\d+` of `ZoneMirror\/gone-\d{4}`/gu) ?? [];
    expect(named.length).toBeGreaterThan(800);
    expect(named.length + sum(comment, /^> - not named: ([\d,]+) /gmu)).toBe(5_000);
    expect(comment).toContain('> - deletes 5,000 `HostedZone`: ');
    expect(comment).toContain('the artefact and the summary of the run name all of them');
    expect(planSummary(manyDeletesPlan(), FACTS).match(/`ZA*\d+` of `ZoneMirror\/gone-\d{4}`/gu)).toHaveLength(5_000);
  });

  it('counts records that have no room for a name, by document', () => {
    const comment = planComment(recordsGonePlan(), FACTS);
    const named = comment.match(/`A host-\d{4}\.corp\.example\.com\.`/gu) ?? [];
    expect(named.length).toBeGreaterThan(800);
    expect(named.length + sum(comment, /^> - not named: ([\d,]+) records of `ZoneMirror\/corp`$/gmu)).toBe(5_000);
  });

  it('deletes, guards and the digest survive where there is too much of everything', () => {
    const comment = planComment(everythingPlan(), FACTS);
    const guards = comment.match(/^> - guard `protected` of `ZoneMirror\/site-\d{4}`$/gmu) ?? [];
    expect(guards.length + sum(comment, /^> - ([\d,]+) more of guard `protected`$/gmu)).toBe(2_000);
    const deletes = comment.match(/`Zsite-\d{4}` of/gu) ?? [];
    expect(deletes.length).toBeGreaterThan(100);
    expect(deletes.length + sum(comment, /^> - not named: ([\d,]+) `HostedZone`/gmu)).toBe(2_000);
    // The line that allows exactly this plan.
    expect(comment).toContain(`- { digest: ${DIGEST}, allow: [deletes],`);
    expect(readMarker(comment, 'plan')?.digest).toBe(DIGEST);
  });

  it('counts bulk content of which the plan names nothing', () => {
    const extent = { create: 0, update: 0, delete: 40, population: 50 };
    const changes = [{ path: 'Records', before: null, after: null, cause: 'git', extent }] as const;
    const plan = planOf({
      documents: [plannedDocument('corp')],
      actions: [plannedAction('ZoneMirror/corp', 'records', { action: 'update', changes })],
    });
    expect(planComment(plan, FACTS)).toContain('> - deletes 40 `Records` of `ZoneMirror/corp`\n');
  });

  it('first the evidence, the largest first, then rows of the table', () => {
    const small = planComment(largePlan(), FACTS);
    expect(small).not.toContain('more of `ZoneMirror`');
    expect(small.match(/<details>/gu)!.length).toBeGreaterThan(10);
    expect(small).toMatch(/^- `ZoneMirror\/site-\d{3}`: \d+ lines$/mu);
    const large = planComment(largePlan(24, 5_000), FACTS);
    const rows = large.match(/^\| `[~-]` \| `ZoneMirror\/site-\d+` \|/gmu) ?? [];
    expect(rows.length + sum(large, /^\| `[~-]` \| ([\d,]+) more of `ZoneMirror` \|/gmu)).toBe(5_000);
    expect(large).not.toContain('<details>');
  });

  it('leaves the documents out of the marker where they are too many', () => {
    expect(readMarker(planComment(oneChangePlan, FACTS), 'plan')?.documents).toContain('ZoneMirror/corp');
    expect(readMarker(planComment(largePlan(24, 5_000), FACTS), 'plan')).not.toHaveProperty('documents');
  });
});

describe('what merging does', () => {
  it.each([
    ['a plan', oneChangePlan, 'Merging applies exactly this. If the world moves first, apply refuses'],
    ['a plan with a guard', guardPlan, 'Merging changes nothing: apply refuses while a guard is in the way.'],
    ['an empty plan', emptyPlan, '\nMerging changes nothing.\n'],
    ['an empty plan that saw not everything', { ...emptyPlan, complete: false }, 'Not everything could be looked at'],
    ['a plan with a blocked document', mixedPlan, '1 document blocked: merging applies nothing of this plan.'],
  ])('%s says it', (_, plan, says) => {
    expect(planComment(plan, FACTS)).toContain(says);
  });

  it.each([
    ['a plan', oneChangePlan],
    ['a plan with a guard', guardPlan],
    ['an empty plan', emptyPlan],
    ['a plan with a blocked document', mixedPlan],
  ])('into another branch than the default one, %s says only that', (_, plan) => {
    const comment = planComment(plan, { ...FACTS, into: 'dev' });
    expect(comment.endsWith('\nThis pull request goes into `dev`: merging it there applies nothing.\n')).toBe(true);
    expect(comment).not.toMatch(/Merging (?:applies|changes)|merging applies/u);
    expect(planSummary(plan, { ...FACTS, into: 'dev' })).toContain(
      'goes into `dev`: merging it there applies nothing.',
    );
    expect(planComment(plan, { ...FACTS, into: 'dev', offline: true })).toMatch(/`dev`: merging it there [^\n]*\n$/u);
  });

  it.each([
    ['a`b', '``a`b``'],
    ['`</details>@team', '`` `</details>@team ``'],
    ['fix-#12-![x](y)', '`fix-#12-![x](y)`'],
    ['d\u0435v', '`d\u0435v (d<U+0435>v)`'],
    ['dev\u202e', '`dev<U+202E>`'],
    ['dev\n# merged', '`dev<U+000A># merged`'],
  ])('the branch %j is nothing but a name', (into, span) => {
    expect(planComment(oneChangePlan, { ...FACTS, into })).toContain(
      `\nThis pull request goes into ${span}: merging it there applies nothing.\n`,
    );
  });

  it('a branch of a long name takes no room from the rest', () => {
    const comment = planComment(everythingPlan(), {
      ...FACTS,
      into: `feature/${'\u{1f300}'.repeat(60)}${'x'.repeat(180)}`,
    });
    for (const size of sizes(comment)) expect(size).toBeLessThanOrEqual(BODY_LIMIT - 8_000);
    expect(comment.split('\n').at(-2)!.length).toBeLessThan(400);
    expect(comment).toContain('merging it there applies nothing.');
  });

  it('drift elsewhere is not part of it', () => {
    const url = 'https://github.com/acme/network/issues/7';
    expect(planComment(oneChangePlan, { ...FACTS, elsewhere: { objects: 3, url } })).toContain(
      `[3 drifted objects](${url}) elsewhere are not part of this plan.\n`,
    );
    expect(planComment(oneChangePlan, { ...FACTS, elsewhere: { objects: 0 } })).not.toContain('elsewhere');
  });

  it('an offline plan claims no digest, and says what git changes and nothing of what merging does', () => {
    const comment = planComment(offlinePlan, { ...FACTS, offline: true });
    expect(comment).toContain('### trueup plan, offline: nothing was looked at\n');
    expect(readMarker(comment, 'plan')).toMatchObject({ digest: '' });
    expect(comment).toMatch(/\ngit: \d+ to create, \d+ to update, \d+ to delete · head/u);
    expect(comment).not.toMatch(/Merging (?:applies|changes)/u);
  });

  it.each(['javascript:alert(1)', 'https://x.example/a b', 'https://x.example/)', 'https://x.example/?a#b', ''])(
    'the URL %j is not linked',
    (url) => {
      expect(planComment(oneChangePlan, { ...FACTS, run: { url } })).not.toContain('](');
    },
  );
});

describe('withStatus', () => {
  const comment = planComment(oneChangePlan, FACTS);
  const done = { kind: 'applied', at: '2026-11-23T10:44:10Z', result: doneApply, plan: mixedPlan } as const;
  const late = { kind: 'out-of-date', pull: 12, documents: ['ZoneMirror/corp'] } as const;

  it('ends a comment, and replaces what ended it before', () => {
    const applied = withStatus(comment, done);
    expect(applied.startsWith(comment)).toBe(true);
    expect(applied.endsWith('\napplied 2026-11-23 10:44 UTC: 5 of 5, re-plan empty\n')).toBe(true);
    expect(withStatus(withStatus(comment, late), done)).toBe(applied);
    expect(withStatus(withStatus(comment, late).replaceAll('\n', '\r\n'), done)).toContain('re-plan empty');
  });

  it('names whose merge made it out of date', () => {
    expect(withStatus(comment, late)).toContain(
      'out of date: #12 changed `ZoneMirror/corp` since. Plan again: push to the branch.\n',
    );
  });

  it('keeps to its room whatever was refused', () => {
    const difference = { id: 'a', message: '\u202e'.repeat(4_000), path: 'p', reviewed: 1, now: 2 };
    const refused = Array.from({ length: 500 }, (_, at) => ({ document: `a/${at}`, differences: [difference] }));
    const result = { ...doneApply, outcome: 'stale', refused } as const;
    const ended = withStatus(comment, { ...done, result });
    expect(Buffer.byteLength(ended) - Buffer.byteLength(comment)).toBeLessThanOrEqual(8_000);
    expect(ended).toContain('more in the summary of the run.');
    const documents = Array.from({ length: 5_000 }, (_, at) => `ZoneMirror/site-${at}`);
    expect(withStatus(comment, { ...late, documents }).length - comment.length).toBeLessThanOrEqual(8_000);
  });
});
