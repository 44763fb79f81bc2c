import { describe, expect, it } from 'vitest';
import type { ZoneMirrorSpec } from '../../reconcilers/zone-mirror/spec.gen.ts';
import type { Configuration } from './configuration.ts';
import { readEvent } from './event.ts';

const SPEC = { domain: 'Corp.Example.com', primaries: ['10.0.0.1', '10.0.0.2:5353'] } as unknown as ZoneMirrorSpec;

function configuration(duty: Configuration['duty'] = 'mirror'): Configuration {
  return {
    owner: 'acme-network',
    address: 'ZoneMirror/corp',
    document: {
      kind: 'ZoneMirror',
      name: 'corp',
      formerly: [],
      protect: false,
      adopt: false,
      spec: SPEC,
      source: { file: '', line: 0 },
    },
    place: { account: '111122223333', region: 'eu-west-1' },
    zoneId: 'Z0123456789',
    duty,
  };
}

const ORIGINAL = {
  Domain: 'corp.example.com',
  MasterDns: '10.0.0.1',
  ZoneId: 'Z0123456789',
  IgnoreTTL: 'False',
  ZoneSerial: '',
};
const OWN = { action: 'mirror', document: 'ZoneMirror/corp', scheduled: true };

function without(field: string, event: object): object {
  return Object.fromEntries(Object.entries(event).filter(([key]) => key !== field));
}

describe('an event of trueup', () => {
  it.each([
    ['the rule’s', OWN, { action: 'mirror', scheduled: true }],
    ['apply’s', without('scheduled', OWN), { action: 'mirror', scheduled: false }],
    [
      'apply’s, of a reviewed mirror',
      { ...without('scheduled', OWN), expect: { serial: 7, digest: 'd' } },
      { action: 'mirror', scheduled: false, expect: { serial: 7, digest: 'd' } },
    ],
    [
      'plan’s',
      { action: 'plan', document: 'ZoneMirror/corp', listing: 'always' },
      { action: 'plan', listing: 'always' },
    ],
    ['verify’s', { action: 'verify', document: 'ZoneMirror/corp' }, { action: 'verify' }],
  ])('%s is read', (_whose, event, request) => {
    expect(readEvent(event, configuration())).toEqual(request);
  });

  it('T64 asks the function that only looks to mirror: refused', () => {
    expect(readEvent(OWN, configuration('plan')).action).toBe('refuse');
    expect(readEvent(ORIGINAL, configuration('plan')).action).toBe('refuse');
  });
});

describe('the event of the function from 2016', () => {
  it.each([
    [{}],
    [{ IgnoreTTL: true }],
    [{ IgnoreTTL: false }],
    [{ IgnoreTTL: 'TRUE' }],
    [{ IgnoreTTL: 'true' }],
    [{ ZoneSerial: '2026112401' }],
    [{ ZoneSerial: 2026112401 }],
    [{ Domain: 'CORP.example.com.' }],
    [{ MasterDns: '10.0.0.1:53' }],
    [{ MasterDns: '10.0.0.2:5353' }],
  ])('with %j is a pass', (fields) => {
    expect(readEvent({ ...ORIGINAL, ...fields }, configuration())).toEqual({ action: 'mirror', scheduled: false });
  });

  it.each([
    ['MasterDns', { MasterDns: '10.6.6.6' }],
    ['MasterDns, another port', { MasterDns: '10.0.0.1:5353' }],
    ['MasterDns, the port of another primary left out', { MasterDns: '10.0.0.2' }],
    ['ZoneId', { ZoneId: 'Z9999999999' }],
    ['ZoneId in lower case', { ZoneId: 'z0123456789' }],
    ['Domain', { Domain: 'evil.example.com' }],
  ])('T84 with another %s is refused', (_field, fields) => {
    expect(readEvent({ ...ORIGINAL, ...fields }, configuration()).action).toBe('refuse');
  });
});

const CANARY = 'canary-4711';

describe('T71 an event that is not for this function', () => {
  it.each([
    [null],
    ['mirror'],
    [[OWN]],
    [42],
    [{}],
    [without('document', OWN)],
    [{ ...OWN, document: 'ZoneMirror/other' }],
    [{ ...OWN, document: CANARY }],
    [{ ...OWN, document: ['ZoneMirror/corp'] }],
    [{ ...OWN, action: 'delete' }],
    [{ ...OWN, action: CANARY }],
    [{ ...OWN, MasterDns: '10.6.6.6' }],
    [{ ...OWN, primaries: [CANARY] }],
    [{ ...OWN, zoneId: 'Z9999999999' }],
    [{ action: 'plan', document: 'ZoneMirror/corp' }],
    [{ action: 'plan', document: 'ZoneMirror/corp', listing: CANARY }],
    [without('Domain', ORIGINAL)],
    [without('MasterDns', ORIGINAL)],
    [without('ZoneId', ORIGINAL)],
    [without('IgnoreTTL', ORIGINAL)],
    [without('ZoneSerial', ORIGINAL)],
    [{ ...ORIGINAL, Domain: '' }],
    [{ ...ORIGINAL, MasterDns: '' }],
    [{ ...ORIGINAL, ZoneId: '' }],
    [{ ...ORIGINAL, Domain: ['corp.example.com'] }],
    [{ ...ORIGINAL, MasterDns: CANARY }],
    [{ ...ORIGINAL, IgnoreTTL: 'yes' }],
    [{ ...ORIGINAL, IgnoreTTL: 1 }],
    [{ ...ORIGINAL, ZoneSerial: 'latest' }],
    [{ ...ORIGINAL, ZoneSerial: ['1'] }],
    [{ ...ORIGINAL, ZoneSerial: -1 }],
  ])('%j is refused, and nothing of it is repeated', (event) => {
    const request = readEvent(event, configuration());

    expect(request.action).toBe('refuse');
    expect(JSON.stringify(request)).not.toContain(CANARY);
  });
});
