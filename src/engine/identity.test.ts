import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { physicalName, type Identity } from './identity.ts';

function identity(changes: Partial<Identity> = {}): Identity {
  return { owner: 'acme-network', kind: 'ZoneMirror', name: 'corp', logicalId: 'HostedZone', ...changes };
}

describe('physicalName', () => {
  it.each([
    ['HostedZone', 'corp-hosted-zone-'],
    ['DNSFunction', 'corp-dns-function-'],
    ['Rule2', 'corp-rule2-'],
    ['role', 'corp-role-'],
  ])('writes the logical id %s in kebab case', (logicalId, left) => {
    expect(physicalName(identity({ logicalId }), 64)).toMatch(new RegExp(`^${left}[0-9a-f]{10}$`));
  });

  it.each([64, 32, 22, 12, 11])('cuts its left part to %i characters in all and keeps the hash', (maxLength) => {
    const whole = physicalName(identity(), 255);
    const name = physicalName(identity(), maxLength);

    expect(name.length).toBeLessThanOrEqual(maxLength);
    expect(name.slice(-10)).toBe(whole.slice(-10));
    expect(name).not.toMatch(/--|^-/);
  });

  it('is a function of the identity alone', () => {
    expect(physicalName(identity(), 64)).toBe(physicalName(identity(), 64));
  });

  it.each([{ owner: 'acme' }, { kind: 'Bot' }, { name: 'corp-hosted' }, { logicalId: 'Hostedzone' }])(
    'differs when %j differs',
    (change) => {
      expect(physicalName(identity(change), 20)).not.toBe(physicalName(identity(), 20));
    },
  );

  it('T12 100,000 pairs that truncation, letter case or a hyphen would merge have 200,000 names', () => {
    const names = new Set<string>();
    const long = 'n'.repeat(60);
    for (let pair = 0; pair < 100_000; pair += 1) {
      const name = `${long}${pair % 1000}`.slice(0, 63);
      const left = identity({ name, logicalId: `Item${pair}Of` });
      const right = identity(
        pair % 2 === 0 ? { name, logicalId: `item${pair}of` } : { name: `${name}-item${pair}`, logicalId: 'Of' },
      );
      names.add(physicalName(left, 64)).add(physicalName(right, 64));
    }

    expect(names.size).toBe(200_000);
  });

  it('T12 two identities never have one name', () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,63}$/);
    const logicalId = fc.stringMatching(/^[A-Za-z0-9]{1,64}$/);
    const some = fc.record({ name, logicalId });

    fc.assert(
      fc.property(some, some, (a, b) => {
        fc.pre(a.name !== b.name || a.logicalId !== b.logicalId);
        expect(physicalName(identity(a), 32)).not.toBe(physicalName(identity(b), 32));
      }),
    );
  });
});
