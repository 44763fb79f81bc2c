import type { LoopIssueFound } from '../../src/github/bodies/loop-issue.ts';

/** What runs of loops came to, as people are told of it. */

const QUIET = {
  document: 'ReconcileLoop/main',
  documents: 12,
  drifted: [],
  differences: 0,
  open: 0,
  healed: 0,
  applied: 0,
  left: [],
  reasons: {},
  failed: [],
} as const;

const ON_CALL = {
  actor: 'arn:aws:sts::111122223333:assumed-role/ops/on-call',
  event: 'PutRule',
  at: '2026-11-22T23:14:05Z',
};

const RULE = {
  id: 'InstanceSchedule/office/Rule',
  document: 'InstanceSchedule/office',
  fields: ['ScheduleExpression', 'State'],
  who: ON_CALL,
};

export const loopInLine: LoopIssueFound = { ...QUIET, mode: 'report', outcome: 'in-line' };

export const loopDrifted: LoopIssueFound = {
  ...QUIET,
  mode: 'report',
  outcome: 'drifted',
  drifted: [
    RULE,
    { id: 'ZoneMirror/corp/zone', document: 'ZoneMirror/corp', fields: ['ResourceRecordSets'] },
    {
      id: 'ZoneMirror/corp/Rule',
      document: 'ZoneMirror/corp',
      fields: [],
      who: { ...ON_CALL, event: 'DeleteRule', at: '2026-11-22T22:58:00Z' },
    },
  ],
  differences: 3,
  open: 3,
  left: [{ document: 'ZoneMirror/lab', why: 'not-applied' }],
  reasons: { 'not-applied': 1 },
};

export const loopHealed: LoopIssueFound = {
  ...QUIET,
  mode: 'heal',
  outcome: 'healed',
  drifted: [{ ...RULE, undone: true }],
  differences: 1,
  healed: 1,
};

/** Some of everything: it healed, applied, failed and could not see. */
export const loopMixed: LoopIssueFound = {
  ...QUIET,
  mode: 'apply',
  outcome: 'partial',
  drifted: [
    { ...RULE, undone: true },
    { id: 'ReconcileLoop/main/Rule', document: 'ReconcileLoop/main', fields: ['ScheduleExpression'], who: ON_CALL },
  ],
  differences: 2,
  open: 1,
  healed: 1,
  applied: 2,
  left: [
    { document: 'ReconcileLoop/main', why: 'spared' },
    { document: 'ZoneMirror/corp', why: 'not-applied' },
    { document: 'ZoneMirror/lab', why: 'unknown', message: 'AccessDenied: not authorized to perform route53:GetHostedZone' },
    { document: 'ZoneMirror/site', why: 'blocked', message: 'the zone site.test has the tags of somebody else' },
  ],
  reasons: { spared: 1, 'not-applied': 1, unknown: 1, blocked: 1 },
  failed: [
    { id: 'ZoneMirror/corp/zone', error: 'InvalidChangeBatch: the value s3cret-value is none' },
    { id: 'ZoneMirror/corp', error: 'it is not as reviewed: Comment is s3cret-value' },
    { id: 'ZoneMirror/site/Mirror', error: 'AccessDenied: User: arn:aws:sts::111122223333:assumed-role/trueup-apply/x is not authorized to perform: lambda:CreateFunction on resource: x' },
    { id: 'deletes', error: 'more than ten deletes of s3cret-value' },
    { id: 'the lease', error: 'it was lost: nothing more was written' },
  ],
};

/** More than a page has room for. */
export function manyLoopDrifted(number = 5_000): LoopIssueFound {
  const names = Array.from({ length: number }, (_, index) => `site-${String(index + 1).padStart(4, '0')}`);
  return {
    ...loopMixed,
    documents: 3 * number,
    drifted: names.map((name) => ({ ...RULE, id: `ZoneMirror/${name}/Rule`, document: `ZoneMirror/${name}` })),
    differences: number + 8,
    open: number + 7,
    left: names.map((name) => ({ document: `ZoneMirror/left-${name}`, why: 'not-applied' })),
    reasons: { 'not-applied': number },
    failed: names.map((name) => ({ id: `ZoneMirror/${name}/zone`, error: 'Throttling: Rate exceeded' })),
  };
}

/** One text in every place that somebody else may name. */
export function hostileLoop(text: string): LoopIssueFound {
  const document = `ZoneMirror/${text}`;
  const who = { actor: text, event: text, at: text };
  return {
    document: `ReconcileLoop/${text}`,
    mode: text,
    outcome: 'partial',
    documents: 3,
    drifted: [
      { id: `${document}/${text}`, document, fields: [text, text], who },
      { id: `${document}/${text}2`, document: `${document}2`, fields: [], who },
      { id: `${document}/${text}3`, document: `${document}3`, fields: [text], undone: true },
    ],
    differences: 3,
    open: 2,
    healed: 1,
    applied: 1,
    left: [
      { document: `${document}4`, why: 'not-applied', message: text },
      { document: `${document}5`, why: text },
    ],
    reasons: { 'not-applied': 1, [text]: 1 },
    failed: [
      { id: `${document}/${text}`, error: text },
      { id: text, error: text },
    ],
  };
}
