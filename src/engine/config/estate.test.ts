import { describe, expect, it } from 'vitest';
import type { Document } from '../types.ts';
import { ConfigError } from './config-error.ts';
import { estateOf } from './estate.ts';
import type { SettingsSpec } from './settings.gen.ts';

const source = { file: 'config/settings.yaml', line: 1 };
const metadata = { formerly: [], protect: false, adopt: false, source };

const SETTINGS: Document<SettingsSpec> = {
  kind: 'Settings',
  name: 'estate',
  ...metadata,
  spec: {
    owner: 'acme-network',
    accounts: {
      prod: { id: '111122223333' },
      lab: { id: '444455556666', planRole: 'plan', applyRole: 'apply', externalId: 'x' },
    },
    defaultAccount: 'prod',
    defaultRegion: 'eu-west-1',
    formerly: [],
    lease: { ttl: '60s' },
    guards: { deletes: { percent: 20, count: 10, from: 5 }, requireProtectedOverride: true },
    overrides: [],
    tags: { team: 'network' },
    github: { comment: true, driftIssue: true, requireApprovals: 0, driftLabels: [] },
  },
};

const CORP: Document = { kind: 'ZoneMirror', name: 'corp', ...metadata, spec: {} };

describe('estateOf', () => {
  const { estate, accounts } = estateOf(SETTINGS, [CORP], (name) => ({ sha256: name, version: '1.0.0' }));

  it.each([
    [undefined, undefined, '111122223333', 'eu-west-1'],
    ['lab', undefined, '444455556666', 'eu-west-1'],
    ['444455556666', 'us-east-1', '444455556666', 'us-east-1'],
  ])('the place of account %s and region %s is %s, %s', (account, region, id, there) => {
    expect(estate.place(account, region)).toEqual({ account: id, region: there });
  });

  it.each(['labb', '999999999999', 'constructor', ''])('throws a ConfigError for the unknown account %j', (account) => {
    expect(() => estate.place(account)).toThrow(ConfigError);
  });

  it('suggests the account that was meant', () => {
    expect(() => estate.place('labb')).toThrow(expect.objectContaining({ code: 'TU1020', hint: 'did you mean lab?' }));
  });

  it('knows owner, tags and documents', () => {
    expect(estate).toMatchObject({ owner: 'acme-network', tags: { team: 'network' } });
    expect(estate.document('ZoneMirror/corp')).toBe(CORP);
    expect(estate.document('ZoneMirror/other')).toBeUndefined();
  });

  it('has the accounts by their ids', () => {
    expect([...accounts]).toEqual([
      ['111122223333', { alias: 'prod', id: '111122223333' }],
      ['444455556666', { alias: 'lab', id: '444455556666', planRole: 'plan', applyRole: 'apply', externalId: 'x' }],
    ]);
  });
});
