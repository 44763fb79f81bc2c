import type { DriftResult, Plan, Value } from '../../src/engine/types.ts';
import { documentEffect, noDrift, planOf, plannedAction, plannedDocument } from './fixtures.ts';

const OFFICE = 'InstanceSchedule/office-hours';
const CORP = 'ZoneMirror/corp';
const EXTRA = 'ZoneMirror/extra';
const SCHEDULER = 'office-hours-scheduler-8c1f09aa42';
const SECRET: Value = { Variables: { TRUEUP_DOCUMENT: { secret: true } } };
const ENVIRONMENT = { path: 'Environment', before: SECRET, after: SECRET } as const;

function functionUpdate(document: string, id: string, resource: string) {
  const changes = [{ ...ENVIRONMENT, cause: 'git' as const }];
  return plannedAction(document, id, { type: 'AWS::Lambda::Function', resource, action: 'update', changes });
}

const CHANGES = [
  { path: 'rules.honourDisable', before: true, after: false },
  { path: 'rules.maxActions', before: 100, after: 10_000 },
  {
    path: 'schedules.london-office.periods.0.on',
    before: '08:30',
    after: '09:00',
  },
  {
    path: 'schedules.nights',
    before: null,
    after: { timezone: 'UTC', periods: [{ days: 'mon-fri', on: '21:00', off: '05:00' }] },
  },
];
const MIRRORED = [{ path: 'spec.exclude', before: ['a.corp.example.com.'], after: [] }];

/** A schedule with much that is new, a mirror whose two functions are told alike, and one whose functions are not. */
export const documentPlan: Plan = planOf({
  documents: [
    plannedDocument('office-hours', {
      kind: 'InstanceSchedule',
      file: 'config/ec2/office.yaml',
      effects: [documentEffect(OFFICE, SCHEDULER, CHANGES, 12)],
    }),
    plannedDocument('corp', {
      effects: [
        documentEffect(CORP, 'corp-mirror-cf76a3c613', MIRRORED),
        documentEffect(CORP, 'corp-plan-3479045072', MIRRORED),
      ],
    }),
    plannedDocument('extra', {
      effects: [
        documentEffect(EXTRA, 'extra-mirror-5b06e2c2a1', MIRRORED),
        documentEffect(EXTRA, 'extra-plan-000136c9c0', []),
      ],
    }),
  ],
  actions: [
    functionUpdate(OFFICE, 'Scheduler', SCHEDULER),
    functionUpdate(CORP, 'Mirror', 'corp-mirror-cf76a3c613'),
    functionUpdate(CORP, 'Plan', 'corp-plan-3479045072'),
    functionUpdate(EXTRA, 'Mirror', 'extra-mirror-5b06e2c2a1'),
    functionUpdate(EXTRA, 'Plan', 'extra-plan-000136c9c0'),
  ],
});

/** Somebody wrote another document into the variable, with text that is meant for the terminal. */
export const documentDrift: DriftResult = {
  ...noDrift,
  drifted: [
    {
      document: OFFICE,
      id: `${OFFICE}/Scheduler`,
      type: 'AWS::Lambda::Function',
      resource: SCHEDULER,
      account: '111122223333',
      region: 'eu-west-1',
      changes: [{ ...ENVIRONMENT, cause: 'drift' }],
    },
  ],
  effects: [
    documentEffect(
      OFFICE,
      SCHEDULER,
      [
        { path: 'rules.maxActions', before: 10_000, after: 100 },
        { path: '"\\u001b[2J\u202e##[error]"', before: '\u001b[31m\u202e::error::x\n##[group]', after: null },
      ],
      3,
    ),
  ],
};
