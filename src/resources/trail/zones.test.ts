import { expect, it } from 'vitest';
import type { Effect, Value } from '../../engine/types.ts';
import { RECORD_SETS } from '../record-sets/types.ts';
import { fitOf } from './holds.ts';
import type { Subject } from './types.ts';
import { recordSets } from './zones.ts';

function subject(records: readonly { readonly [key: string]: Value }[]): Subject {
  const effect: Effect = { document: 'ZoneMirror/corp', code: 'dns.records', data: { records } };
  return {
    id: 'ZoneMirror/corp/Records',
    type: RECORD_SETS,
    resource: 'Z0123456789',
    place: { account: '111122223333', region: 'eu-west-1' },
    properties: {},
    missing: false,
    changes: [{ path: 'ResourceRecordSets', before: { serial: 5 }, after: { serial: 5 } }],
    effects: [effect],
  };
}

function record(name: string, type: string, ...values: readonly string[]) {
  return { action: 'change', name, type, before: values.length > 0 ? { ttl: 60, values } : null, after: null };
}

function request(action: string, name: string, type: string, values: readonly string[], rest: object = {}) {
  const resourceRecords = values.map((value) => ({ value }));
  return {
    hostedZoneId: 'Z0123456789',
    changeBatch: { changes: [{ action, resourceRecordSet: { name, type, tTL: 60, resourceRecords, ...rest } }] },
  };
}

const A = record('vpn.corp.test.', 'A', '10.9.9.9', '10.9.9.8');

it.each([
  ['the set as it is found', A, request('UPSERT', 'vpn.corp.test.', 'A', ['10.9.9.9', '10.9.9.8']), 'holds'],
  [
    'in another order, case and without the dot',
    A,
    request('CREATE', 'VPN.corp.test', 'A', ['10.9.9.8', '10.9.9.9']),
    'holds',
  ],
  ['another value', A, request('UPSERT', 'vpn.corp.test.', 'A', ['10.1.1.1']), 'wrote'],
  ['another TTL', A, request('UPSERT', 'vpn.corp.test.', 'A', ['10.9.9.9', '10.9.9.8'], { tTL: 61 }), 'wrote'],
  ['an alias, which is no plain set', A, request('UPSERT', 'vpn.corp.test.', 'A', [], { aliasTarget: {} }), 'wrote'],
  ['another type', A, request('UPSERT', 'vpn.corp.test.', 'TXT', ['"x"']), 'neither'],
  ['another name', A, request('UPSERT', 'web.corp.test.', 'A', ['10.9.9.9']), 'neither'],
  [
    'the deletion of what is missed',
    record('vpn.corp.test.', 'A'),
    request('DELETE', 'vpn.corp.test.', 'A', ['10.1.0.4']),
    'holds',
  ],
  ['the deletion of what is found again', A, request('DELETE', 'vpn.corp.test.', 'A', ['10.1.0.4']), 'wrote'],
  [
    'a name in another spelling',
    record('\\034a.corp.test.', 'TXT', '"\\344"'),
    request('UPSERT', '\\042a.corp.test.', 'TXT', ['"\\344"']),
    'holds',
  ],
  ['a cut list', A, { changeBatch: { changes: ['… 12 more'] } }, 'neither'],
  ['nothing at all', A, {}, 'neither'],
] as const)('of %s', (_what, found, parameters, fit) => {
  const about = subject([found]);
  const [lookup] = recordSets.lookups(about);
  const written = recordSets.writes['ChangeResourceRecordSets']!(parameters, about)!;

  expect(lookup!.names).toEqual(['Z0123456789', 'hostedzone/Z0123456789']);
  expect(lookup!.changes.map((change) => fitOf(written, change))).toEqual([fit]);
});

it('where nothing tells which records differ, whoever wrote to the zone may have', () => {
  const about = subject([]);
  const [lookup] = recordSets.lookups(about);
  const written = recordSets.writes['ChangeResourceRecordSets']!({}, about)!;

  expect(lookup!.changes.map((change) => fitOf(written, change))).toEqual(['wrote']);
});
