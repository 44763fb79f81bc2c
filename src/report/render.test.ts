import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drifted,
  noDrift,
  emptyPlan,
  hostilePlan,
  invalid,
  largePlan,
  mixedPlan,
  planOf,
  plannedAction,
  plannedDocument,
  recordsEffect,
  refusedApply,
} from '../../test/golden/fixtures.ts';
import { hostileExplanation } from '../../test/golden/explain-fixtures.ts';
import type { Culprit, ApplyResult, DriftResult, Plan, ValidateResult } from '../engine/types.ts';
import { renderApply, renderDrift, renderError, renderExplain, renderPlan, renderValidate } from './render.ts';
import type { RenderOptions } from './options.ts';
import { widthOf } from './width.ts';

const text: RenderOptions = { format: 'text', width: 80, unicode: true, color: false };
const markdown: RenderOptions = { ...text, format: 'markdown' };
const HARMFUL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;

/** The same hostile string in every field of every result. */
function hostileReports(hostile: string, options: RenderOptions): readonly string[] {
  const apply: ApplyResult = {
    ...refusedApply,
    digest: hostile,
    done: [`${hostile}/x`],
    failed: [{ id: hostile, error: hostile }],
    skipped: [{ id: hostile, why: hostile }],
    refused: [
      {
        document: hostile,
        differences: [{ id: hostile, path: hostile, message: hostile, reviewed: hostile, now: [hostile] }],
      },
    ],
    guards: hostilePlan(hostile).guards,
  };
  const resource = {
    document: hostile,
    id: hostile,
    type: hostile,
    resource: hostile,
    account: hostile,
    region: hostile,
  };
  const culprit: Culprit = {
    actor: hostile,
    event: hostile,
    at: hostile,
    confidence: 'likely',
    eventId: hostile,
    how: 'other',
    sourceIdentity: hostile,
  };
  const drift: DriftResult = {
    ...drifted,
    drifted: [
      {
        ...resource,
        changes: [
          { path: hostile, before: hostile, after: `${hostile}2`, cause: 'drift' },
          { path: 'Environment', before: hostile, after: `${hostile}2`, cause: 'drift' },
        ],
        who: culprit,
      },
    ],
    missing: [{ ...resource, who: culprit }],
    orphans: [{ ...resource, action: 'none', why: hostile }],
    findings: [{ document: hostile, code: hostile, severity: 'blocks', message: hostile, hint: hostile }],
    effects: hostilePlan(hostile).documents.flatMap(({ effects }) =>
      effects.map((effect) => ({ ...effect, document: hostile })),
    ),
  };
  const fault = { code: hostile, message: hostile, file: hostile, line: 2, column: 3, path: hostile, hint: hostile };
  const validate: ValidateResult = {
    ...invalid,
    errors: [{ ...fault, frame: { first: 1, lines: [hostile, `ab${hostile}`, hostile], length: hostile.length } }],
    warnings: [fault],
  };
  return [
    renderPlan(hostilePlan(hostile), options),
    renderPlan(hostilePlan(hostile), { ...options, records: true }),
    renderApply(apply, { ...options, plan: hostilePlan(hostile), exitCode: 3 }),
    renderApply(apply, options),
    renderDrift(drift, { ...options, records: true, exitCode: 0 }),
    renderValidate(validate, { ...options, exitCode: 65 }),
    renderExplain(hostileExplanation(hostile), { ...options, exitCode: 1 }),
    renderError({ ...fault, [hostile]: [hostile, hostile] }, { ...options, exitCode: 1 }),
  ];
}

const CONTROLS = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];
const COMMANDS = [
  '::add-mask::e',
  '  ::stop-commands::t',
  '##[error]x',
  '::error file=a,line=1::x',
  '\t::x::',
  '#\u200b#[x]',
];

describe('hostile text in every field', () => {
  it('T20 no control byte but the newlines of the program is left', () => {
    const all = String.fromCodePoint(...CONTROLS);
    for (const options of [text, { ...text, unicode: false }, markdown]) {
      for (const report of hostileReports(`a${all}b`, options)) expect(report).not.toMatch(HARMFUL);
    }
  });

  it('T20 with colours, the only escape sequences are those of the program', () => {
    for (const report of hostileReports('\u001b[31mred\u001b]52;c;x\u0007', { ...text, color: true })) {
      // oxlint-disable-next-line no-control-regex -- the sequences are what is tested
      expect(report.replaceAll(/\u001b\[(?:1|2|22|31|32|33|39)m/gu, '')).not.toMatch(HARMFUL);
    }
  });

  it.each(COMMANDS)('T26 %j is no command of the runner', (command) => {
    for (const report of [...hostileReports(command, text), ...hostileReports(command, markdown)]) {
      expect(report).not.toContain('##[');
      for (const line of report.split('\n')) expect(line.trimStart().startsWith('::')).toBe(false);
    }
  });

  it('no line is wider than the terminal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
        fc.constantFrom(80, 120),
        fc.boolean(),
        (hostile, width, unicode) => {
          for (const report of hostileReports(hostile, { ...text, width, unicode })) {
            // The line of YAML for an override is there to be copied: it is not folded.
            const lines = report.split('\n').filter((line) => !line.startsWith('  - '));
            expect(lines.filter((line) => widthOf(line) > width)).toEqual([]);
          }
        },
      ),
      {
        numRuns: 200,
      },
    );
  });
});

describe('large plans', () => {
  it('T22 300 changes of values of 1 MB', { retry: 1 }, () => {
    const plan = largePlan(1_048_576);
    for (const options of [text, markdown]) {
      // Ten times the figure of the page of threats, see there.
      const start = performance.now();
      const report = renderPlan(plan, options);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(report).toContain('(1,048,576 bytes)');
      expect(report.length).toBeLessThan(300 * 600);
    }
  });
});

describe('the last line is the count', () => {
  it.each([
    ['an empty plan', planOf(), 'Plan: 0 to create, 0 to update, 0 to delete, 41 unchanged. Digest 4f2a9c1e.'],
    [
      'rare verbs',
      planOf({ actions: [plannedAction('ZoneMirror/a', 'zone', { action: 'adopt' })] }),
      'Plan: 0 to create, 0 to update, 1 to adopt, 0 to delete, 41 unchanged. Digest 4f2a9c1e.',
    ],
  ])('%s', (_, plan: Plan, line) => {
    expect(renderPlan(plan, text).trimEnd().split('\n').at(-1)).toBe(line);
    expect(renderPlan(plan, markdown).trimEnd().split('\n').at(-1)).toBe(line);
  });

  it.each([
    [
      renderApply(refusedApply, { ...text, plan: mixedPlan, exitCode: 3 }),
      /^Applied: 2 of 5, 2 refused, 1 skipped\. +exit 3$/u,
    ],
    [
      renderDrift(drifted, { ...text, exitCode: 0, elapsed: 4_200 }),
      /^Drift: 1 document of 12, 1 object\. 31 calls, 4\.2 s\.$/u,
    ],
    [renderDrift(openDrift, { ...text, exitCode: 0 }), /^Drift: none in 12 documents, 2 not judged\. 31 calls\.$/u],
    [renderValidate(invalid, { ...text, exitCode: 65 }), /^2 errors in 2 of 12 files\. Nothing was sent\. +exit 65$/u],
    [renderError({ code: 'TU2001', message: 'denied' }, { ...text, exitCode: 1 }), /^1 error\. +exit 1$/u],
  ])('of other reports too', (report, line) => {
    expect(report.trimEnd().split('\n').at(-1)).toMatch(line);
  });
});

const openDrift: DriftResult = {
  ...noDrift,
  findings: [
    { document: 'ZoneMirror/a', code: 'not-judged', severity: 'warning', message: 'cannot be told' },
    { document: 'ZoneMirror/b', code: 'serial-went-backwards', severity: 'blocks', message: 'went backwards' },
    { document: 'ZoneMirror/b', code: 'not-judged', severity: 'warning', message: 'cannot be told' },
    { document: 'ZoneMirror/c', code: 'dname', severity: 'warning', message: 'a DNAME' },
  ],
};

describe('an apply', () => {
  const done = plannedAction('ZoneMirror/corp', 'function', { action: 'update' });
  const applied: ApplyResult = { ...refusedApply, outcome: 'applied', done: [done.id], skipped: [], refused: [] };
  const options = { ...text, plan: planOf({ actions: [done] }), exitCode: 0 };

  it('counts what moved after the plan as written, not as unchanged', () => {
    const report = renderApply({ ...applied, done: [done.id, 'ZoneMirror/corp/Records'] }, options);

    expect(report).toMatch(/^~ ZoneMirror\/corp\/Records /mu);
    expect(report).toMatch(/^Applied: 2 of 2\.$/mu);
  });

  it.each([
    { complete: true, says: 'A plan right after it is empty.' },
    { complete: false, says: 'A plan right after it is not complete' },
  ])('says of a plan right after it whether it is complete ($complete)', ({ complete, says }) => {
    const report = renderApply({ ...applied, replan: { summary: emptyPlan.summary, complete } }, options);

    expect(report).toContain(says);
    expect(report.includes('is empty')).toBe(complete);
  });

  it('says at its end what people need of a document, whole so that it can be copied, and harmless', () => {
    const curl = `curl ${'-H a:b '.repeat(30)}https://api.example.com/survival`;
    const document = 'SurvivalService/genes';
    const outputs = [
      { document, name: 'url', value: 'https://api.example.com/survival' },
      { document, name: 'curl', value: curl },
      { document: 'Fake/hostile', name: 'url', value: 'a\n\u001b[31mApplied: 9 of 9.' },
    ];
    const report = renderApply({ ...applied, outputs }, options);

    expect(report).toContain(
      `\nSurvivalService/genes\n  url   https://api.example.com/survival\n  curl  ${curl}\n\nFake/hostile\n  url  a<U+000A><U+001B>[31mApplied: 9 of 9.\n`,
    );
    expect(report.trimEnd().split('\n').at(-1)).toBe('Applied: 1 of 1.');
  });
});

it.each([
  { from: 10, says: 'not listed: the serial has not moved' },
  { from: 12, says: 'not listed: the serial went backwards' },
])('says why the records were not listed (from $from to 10)', ({ from, says }) => {
  const unlisted = { serial: { from, to: 10 }, add: 0, change: 0, remove: 0, unchanged: null, kept: null, records: [] };
  const effects = [recordsEffect('ZoneMirror/corp', unlisted)];
  const actions = [plannedAction('ZoneMirror/corp', 'function', { action: 'update' })];

  const report = renderPlan(planOf({ documents: [plannedDocument('corp', { effects })], actions }), text);

  expect(report).toContain(says);
});

it('says what a new function is within the width of the terminal', () => {
  const subnets = ['subnet-0a11bb22cc33dd44e', 'subnet-0b22cc33dd44ee55f'];
  const changes = [
    { path: 'MemorySize', before: null, after: 256, cause: 'git' },
    { path: 'Timeout', before: null, after: 300, cause: 'git' },
    { path: 'VpcConfig', before: null, after: { SubnetIds: subnets }, cause: 'git' },
  ] as const;
  const resource = 'corp-mirror-6994b1a787';
  const action = { type: 'AWS::Lambda::Function', action: 'create', resource, changes } as const;
  const plan = planOf({
    documents: [plannedDocument('corp')],
    actions: [plannedAction('ZoneMirror/corp', 'Mirror', action)],
  });

  const lines = renderPlan(plan, text).split('\n');

  expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
  expect(lines.join(' ')).toMatch(/Function +corp-mirror-6994b1a787 +256 MB, 5 min, in +subnet-0a.*subnet-0b/u);
});

it('what is to be known of the plan as a whole has no document in front of it', () => {
  const findings = [
    { document: '', code: 'boundary-missing', severity: 'warning', message: 'the boundary is missing' },
  ] as const;
  const plan = planOf({ findings });

  expect(renderPlan(plan, text)).toContain('\n  ! the boundary is missing\n');
  expect(renderPlan(plan, markdown)).toContain('\n> - `the boundary is missing`\n');
});

it('colour changes nothing but colour', () => {
  const colored = renderPlan(mixedPlan, { ...text, color: true });
  // oxlint-disable-next-line no-control-regex -- the sequences are what is tested
  expect(colored.replaceAll(/\u001b\[\d+m/gu, '')).toBe(renderPlan(mixedPlan, text));
});

it('a plan without changes says so in three lines', () => {
  expect(renderPlan(emptyPlan, text).trimEnd().split('\n').filter(Boolean)).toHaveLength(3);
});
