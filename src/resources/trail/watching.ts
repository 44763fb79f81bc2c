import { asWritten, oneLookup, removes, tagged, untagged, upperFields, writes } from './reading.ts';
import type { TrailRow } from './types.ts';

/** Rules, log groups and alarms: each is found by its name. */

export const rules: TrailRow = {
  source: 'events.amazonaws.com',
  lookups: (subject) => oneLookup(subject, subject.resource),
  writes: {
    DeleteRule: removes,
    DisableRule: writes(() => ({ State: 'DISABLED' })),
    EnableRule: writes(() => ({ State: 'ENABLED' })),
    // It replaces all fields: what is not said is as if it had not been set.
    PutRule: writes((parameters) => ({ Description: null, State: 'ENABLED', ...upperFields(parameters) })),
    PutTargets: asWritten,
    RemoveTargets: writes(() => ({ Targets: [] })),
    TagResource: tagged,
    UntagResource: untagged,
  },
};

export const logGroups: TrailRow = {
  source: 'logs.amazonaws.com',
  lookups: (subject) => oneLookup(subject, subject.resource),
  writes: {
    CreateLogGroup: asWritten,
    DeleteLogGroup: removes,
    DeleteRetentionPolicy: writes(() => ({ RetentionInDays: null })),
    PutRetentionPolicy: asWritten,
    TagLogGroup: tagged,
    TagResource: tagged,
    UntagResource: untagged,
  },
};

export const alarms: TrailRow = {
  source: 'monitoring.amazonaws.com',
  lookups: (subject) => oneLookup(subject, subject.resource),
  writes: {
    DeleteAlarms: removes,
    DisableAlarmActions: writes(() => ({ ActionsEnabled: false })),
    EnableAlarmActions: writes(() => ({ ActionsEnabled: true })),
    PutMetricAlarm: asWritten,
    TagResource: tagged,
    UntagResource: untagged,
  },
};
