import { describe, expect, it, vi } from 'vitest';
import { BODY_LIMIT } from '../../src/github/bodies/room.ts';
import { invalidComment, planComment } from '../../src/github/bodies/plan-comment.ts';
import type { ApplyResult } from '../../src/engine/types.ts';
import { withStatus } from '../../src/github/bodies/status.ts';
import { driftIssue } from '../../src/github/bodies/drift-issue.ts';
import { hostileApply, hostilePlan } from '../golden/hostile-fixtures.ts';
import { FACTS, LOOK, everythingPlan } from '../golden/body-fixtures.ts';
import { drifted, largePlan, manyFaults, mixedPlan, muchDrift, refusedApply } from '../golden/fixtures.ts';
import { injections } from './fields.ts';
import {
  applyRenderings,
  driftRenderings,
  errorRenderings,
  planRenderings,
  renderings,
  validateRenderings,
} from './renderings.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const CONTROLS = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];
const ALL = String.fromCodePoint(...CONTROLS);
const INVISIBLE =
  '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\ufeff\u{e0001}\u{e0041}\u{e007f}';
/** Controls, bidi and other invisible characters but the newlines of the program. */
const HARMFUL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;
// oxlint-disable-next-line no-control-regex -- the program's own sequences are taken away before the others are looked for
const OWN_COLOURS = /\u001b\[(?:1|2|22|31|32|33|39)m/gu;

function harmful(rendered: ReturnType<typeof renderings>): readonly string[] {
  return rendered.filter(({ text }) => HARMFUL.test(text.replaceAll(OWN_COLOURS, ''))).map(({ name }) => name);
}

describe('T20 control bytes', () => {
  it.each(CONTROLS.map((code) => [`U+${code.toString(16).padStart(4, '0')}`, code] as const))(
    '%s in every field is in no rendering',
    (_, code) => {
      const rendered = renderings(`a${String.fromCodePoint(code)}canary`);
      expect(harmful(rendered)).toEqual([]);
      // A newline of a stranger does not even begin a line.
      expect(rendered.filter(({ text }) => /^canary/mu.test(text)).map(({ name }) => name)).toEqual([]);
    },
  );

  it.each([
    [
      'plan',
      injections(mixedPlan, `a${ALL}${INVISIBLE}b`).map(({ field, data }) => [field, planRenderings(data)] as const),
    ],
    [
      'apply',
      injections(refusedApply, `a${ALL}${INVISIBLE}b`).map(
        ({ field, data }) => [field, applyRenderings(data, mixedPlan)] as const,
      ),
    ],
    [
      'drift',
      injections(muchDrift, `a${ALL}${INVISIBLE}b`).map(({ field, data }) => [field, driftRenderings(data)] as const),
    ],
    [
      'validate',
      injections(manyFaults, `a${ALL}${INVISIBLE}b`).map(
        ({ field, data }) => [field, validateRenderings(data)] as const,
      ),
    ],
  ])('all of them in any single field of a result of %s', (_, cases) => {
    expect(cases.length).toBeGreaterThan(8);
    expect(cases.filter(([, rendered]) => harmful(rendered).length > 0).map(([field]) => field)).toEqual([]);
  });

  it('names of fields are no way around it', () => {
    const rendered = errorRenderings({ code: 'TU2000', message: 'no', [`a${ALL}${INVISIBLE}b`]: { [ALL]: ALL } });
    expect(harmful(rendered)).toEqual([]);
  });
});

describe('T21 characters that nobody sees, or takes for others', () => {
  it.each(
    Array.from(INVISIBLE, (character) => [
      character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0'),
      character,
    ]),
  )('U+%s is in no rendering, and told on every page and terminal', (code, character) => {
    const rendered = renderings(`a${character}b`);
    expect(harmful(rendered)).toEqual([]);
    const silent = rendered.filter(({ medium, text }) => medium !== 'json' && !text.includes(`<U+${code}>`));
    // The title of an issue has words and figures of the program only; a summary of HTML has entities.
    expect(silent.map(({ name }) => name)).toEqual(['title of the issue']);
  });

  it('a Cyrillic letter in a name has its code point beside it', () => {
    const rendered = renderings('p\u0430ypal').filter(({ name }) => name === 'comment' || name === 'issue');
    expect(rendered).toHaveLength(2);
    for (const { text } of rendered) expect(text).toContain('p\u0430ypal (ZoneMirror/p<U+0430>ypal');
  });
});

describe('T22 what is long', () => {
  it('300 changes of values of 1 MB make a comment in linear time', { retry: 1 }, () => {
    const plan = largePlan(1_048_576);
    // Ten times the figure of the page of threats, see there.
    const start = performance.now();
    const comment = planComment(plan, FACTS);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(comment).toContain('(1,048,576 bytes)');
    expectToFit(comment);
  });

  it('300 drifted objects with values of 1 MB make an issue', { retry: 1 }, () => {
    const [one] = drifted.drifted;
    const value = 'b'.repeat(1_048_576);
    const changes = [{ path: 'Comment', before: value, after: `${value}c`, cause: 'drift' as const }];
    const many = Array.from({ length: 300 }, (_, at) => ({ ...one!, document: `ZoneMirror/site-${at}`, changes }));
    // The time that the other renderings have; the values are hashed as well.
    const start = performance.now();
    const { body } = driftIssue({ ...drifted, drifted: many }, { ...LOOK, scope: 'default' });
    expect(performance.now() - start).toBeLessThan(10_000);
    expectToFit(body);
  });

  it.each([
    ['10,000 lines', 'line\n'.repeat(10_000)],
    ['1,000 combining marks', `z${'\u0301'.repeat(1_000)}`],
    ['backticks', '`'.repeat(100_000)],
    ['letters of three octets', '\u4e2d'.repeat(100_000)],
    ['letters of four octets', '\u{1f600}'.repeat(50_000)],
    ['bidi marks', '\u202e'.repeat(100_000)],
    ['a long name', 'ab-'.repeat(30_000)],
  ])('%s in any single field fit into every body', (_, text) => {
    const status = (result: ApplyResult) => ({ kind: 'applied', at: LOOK.at, result }) as const;
    const bodies = [
      ...injections(mixedPlan, text).map(({ data }) => planComment(data, FACTS)),
      ...injections(muchDrift, text).map(({ data }) => driftIssue(data, { ...LOOK, scope: 'default' }).body),
      ...injections(manyFaults, text).map(({ data }) => invalidComment(data, FACTS)),
      ...injections(refusedApply, text).map(({ data }) => withStatus(planComment(mixedPlan, FACTS), status(data))),
    ];
    expect(bodies.length).toBeGreaterThan(100);
    for (const body of bodies) expectToFit(body);
  });

  it.each([
    ['plan', everythingPlan(3_000)],
    ['plan of hostile names', hostilePlan('`|\u202e'.repeat(300))],
  ])('a %s with its status fits, and is not cut twice', (_, plan) => {
    const comment = planComment(plan, FACTS);
    const status = { kind: 'applied', at: LOOK.at, result: hostileApply('`|\u202e'.repeat(300)), plan } as const;
    expectToFit(withStatus(comment, status));
    expect(withStatus(withStatus(comment, status), status)).toBe(withStatus(comment, status));
    expect(planComment(plan, { ...FACTS, status })).toBe(withStatus(comment, status));
  });
});

function expectToFit(body: string): void {
  expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(BODY_LIMIT);
}
