import type { AcceptResult } from '../../src/engine/accept/accept.ts';
import { noDrift } from './fixtures.ts';

const CORP = 'ZoneMirror/corp';

/** Two fields, one of which serves two objects; and what no edit can be about. */
export const acceptedDrift: AcceptResult = {
  ...noDrift,
  drifted: [
    {
      document: CORP,
      id: `${CORP}/Mirror`,
      type: 'AWS::Lambda::Function',
      resource: 'corp-mirror-cf76a3c613',
      account: '111122223333',
      region: 'eu-west-1',
      changes: [
        { path: 'MemorySize', before: 512, after: 256, cause: 'drift' },
        { path: 'Environment', before: { secret: true }, after: { secret: true }, cause: 'drift' },
      ],
    },
  ],
  accepted: [
    {
      document: CORP,
      file: 'config/dns/corp.yaml',
      line: 24,
      path: '/spec/function/memory',
      before: 256,
      after: 512,
      removed: ['    memory:   256  # MB'],
      added: ['    memory:   512  # MB'],
      settles: [{ id: `${CORP}/Mirror`, path: 'MemorySize' }],
      follows: [
        { id: `${CORP}/Mirror`, path: 'Environment' },
        { id: `${CORP}/Plan`, path: 'MemorySize' },
        { id: `${CORP}/Plan`, path: 'Environment' },
      ],
    },
    {
      document: CORP,
      file: 'config/dns/corp.yaml',
      line: 26,
      path: '/spec/function/logRetention',
      before: '30d',
      after: '14d',
      removed: [],
      added: ['    logRetention: 14d'],
      settles: [{ id: `${CORP}/MirrorLogs`, path: 'RetentionInDays' }],
      follows: [],
    },
  ],
  notAccepted: [
    { id: `${CORP}/Mirror`, path: 'Environment', why: 'its values are never shown, so none of them is written into a file' },
    { id: `${CORP}/PlanLogs`, path: '', why: 'it is gone: the next apply makes it anew while the document declares it' },
  ],
};

export const nothingAccepted: AcceptResult = { ...noDrift, complete: false, accepted: [], notAccepted: [] };

/** A file and lines whose text would like to be more. */
export function hostileAccept(text: string): AcceptResult {
  const [edit] = acceptedDrift.accepted;
  return {
    ...acceptedDrift,
    accepted: edit
      ? [{ ...edit, file: `config/${text}'.yaml`, path: `/spec/${text}`, removed: [text], added: [text, `##[group]${text}`], before: text, after: text }]
      : [],
    notAccepted: [{ id: CORP, path: text, why: text }],
  };
}
