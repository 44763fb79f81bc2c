import type { WatchResult } from '../../src/report/watch-result.ts';

const HEAD = {
  format: 'trueup/watch@1',
  at: '2026-11-24T10:41:07.250Z',
  document: 'ReconcileLoop/main',
  mode: 'heal',
  commit: '9f3c2ab41d0e5f6a7b8c9d0e1f2a3b4c5d6e7f80',
} as const;

const NOTHING = { documents: 4, drifted: [], differences: 0, open: 0, healed: 0, applied: 0, left: [], leftAlone: 0, failed: [] };

const WHO = 'arn:aws:sts::111122223333:assumed-role/ops/on-call, UpdateFunctionConfiguration, 2026-11-24T10:12:00Z';

export const inLineWatch: WatchResult = { ...HEAD, outcome: 'in-line', ...NOTHING };

export const driftedWatch: WatchResult = {
  ...HEAD,
  ...NOTHING,
  outcome: 'partial',
  mode: 'report',
  differences: 3,
  open: 3,
  drifted: [
    {
      id: 'InstanceSchedule/london-office/Scheduler',
      document: 'InstanceSchedule/london-office',
      fields: ['MemorySize', 'Timeout'],
      who: WHO,
    },
    { id: 'ZoneMirror/corp/MirrorRule', document: 'ZoneMirror/corp', fields: [] },
    { id: 'ZoneMirror/corp/Records', document: 'ZoneMirror/corp', fields: ['records'] },
  ],
  left: [
    { document: 'ZoneMirror/lab', why: 'not-applied' },
    { document: 'ZoneMirror/far', why: 'unknown', message: 'AccessDenied: not authorized to perform route53:GetHostedZone' },
    { document: 'ZoneMirror/old', why: 'blocked', message: 'the zone old.test has the tags of somebody else' },
    { document: 'ZoneMirror/gone', why: 'guarded' },
  ],
  leftAlone: 4,
  failed: [{ id: 'ZoneMirror/corp/Records', error: 'AccessDenied: not authorized to perform route53:ListResourceRecordSets' }],
};

export const healedWatch: WatchResult = { ...HEAD, ...NOTHING, outcome: 'healed', differences: 2, healed: 2, applied: 1 };

export const refusedWatch: WatchResult = {
  format: HEAD.format,
  at: HEAD.at,
  document: 'watch',
  mode: 'report',
  ...NOTHING,
  documents: 0,
  outcome: 'refused',
  refusal: {
    code: 'rolled-back',
    message:
      '8e2b1c0d9f8a does not follow 9f3c2ab41d0e, the commit before: the branch went back or was rewritten; --rewritten takes it as it is now',
  },
};

const { refusal: _, ...idle } = refusedWatch;

export const busyWatch: WatchResult = { ...idle, outcome: 'busy' };

export const brokenWatch: WatchResult = {
  ...idle,
  outcome: 'error',
  error: { code: 'TU2003', message: 'AWS does not know these credentials', hint: 'log in again' },
};

/** One text in every field. */
export function hostileWatch(text: string): WatchResult {
  return {
    ...driftedWatch,
    document: text,
    mode: text,
    commit: text,
    drifted: [{ id: text, document: text, fields: [text, text.repeat(50)], who: text }],
    left: [{ document: text, why: text, message: text }],
    leftAlone: 1,
    failed: [{ id: text, error: text }],
  };
}

export function hostileRefusal(text: string): WatchResult {
  return { ...refusedWatch, document: text, refusal: { code: text, message: text } };
}

export function hostileBreak(text: string): WatchResult {
  return { ...idle, document: text, outcome: text, error: { code: text, message: text, hint: text } };
}
