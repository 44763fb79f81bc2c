import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/iam/policy.ts';
import type { TestEstate } from '../support/estate.ts';
import {
  allowsOf,
  createExample,
  HOME,
  loopOf,
  makeRoles,
  policiesOf,
  serveExample,
  troubles,
  withoutStatement,
} from '../support/generated-roles.ts';
import type { Change } from '../support/generated-roles.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

/** What is printed for the example, whatever the ports of its primary. */
const PRINTED = await (async () => {
  let finish = async (): Promise<void> => undefined;
  const estate = await createExample({ onFinished: (end) => (finish = end) });
  const printed = await policiesOf(estate);
  await finish();
  return printed;
})();

/** Asked only of what drifted or moved, and then nothing fails for want of it: nobody is named. */
const TRAIL = 'ReadTrail';

function sidsOf(role: 'plan' | 'apply'): readonly string[] {
  return allowsOf(PRINTED[role] as Policy).map(({ Sid = '' }) => Sid);
}

/** The life of the example: made, changed, looked at, one of three documents removed. What went wrong at the first step. */
async function live(estate: TestEstate, change?: Change): Promise<readonly string[]> {
  await makeRoles(estate, PRINTED, change);
  const loop = await loopOf(estate);
  const steps: readonly (() => void)[] = [
    () => undefined,
    () => {
      serveExample(estate, 2);
      estate.rewrite('settings.yaml', (yaml) => yaml.replace('team: network', 'crew: network'));
      estate.rewrite('dns-corp.yaml', (yaml) =>
        yaml.replace('comment: corp mirror', 'comment: mirror of corp').replace('rate(15 minutes)', 'rate(10 minutes)'),
      );
    },
    () => {
      rmSync(join(estate.directory, 'config', 'dns-reverse.yaml'));
      estate.rewrite('ec2-office-hours.yaml', (yaml) => yaml.replace('team: data', 'team: nobody'));
    },
  ];
  for (const [index, step] of steps.entries()) {
    step();
    const plan = await loop.plan();
    // What a plan foretells is not counted: it has to happen.
    const seen = troubles(plan).filter((text) => !text.startsWith('permission-missing'));
    const isLeaseSaid = plan.findings.some(({ code }) => code === 'lease-bucket');
    if (isLeaseSaid !== (index === 0)) return ['whether the first apply makes the bucket of leases'];
    if (seen.length > 0) return seen;
    const found = [...(await loop.applied(plan)), ...(await loop.looked())];
    if (found.length > 0) return found;
  }
  return [];
}

describe('the example estate, by the policies that are printed for it', () => {
  it('T62 is planned, applied, changed, looked at and partly removed', async () => {
    const estate = await createExample();
    expect(await live(estate)).toEqual([]);
    const denied = estate.account.events().filter(({ errorCode }) => errorCode?.startsWith('AccessDenied'));
    // Who plans and who applies read no key: the functions do.
    expect(denied.filter(({ errorMessage }) => !errorMessage?.includes('ssm:GetParameter'))).toEqual([]);
  });
});

describe('the functions of the example, within the boundary that is printed', () => {
  it('mirror, start and stop, and say what is wrong', async () => {
    const estate = await createExample();
    estate.account.putInstances([{ type: 'm5.large', tags: { EntScheduler: 'nonsense' } }], { region: 'eu-west-1' });
    await makeRoles(estate, PRINTED);
    const loop = await loopOf(estate);
    expect(await loop.applied(await loop.plan())).toEqual([]);
    serveExample(estate, 3);
    const begin = estate.account.events().length;

    await estate.account.advance(16 * 60_000);

    const calls = estate.account.events().slice(begin);
    expect(calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([]);
    const written = calls.filter(({ readOnly, userIdentity }) => !readOnly && userIdentity.arn?.includes('-role-'));
    expect(new Set(written.map(({ eventName }) => eventName))).toEqual(
      new Set(['ChangeResourceRecordSets', 'CreateTags']),
    );
  });
});

describe.each(['plan', 'apply'] as const)('of the %s role', (role) => {
  it.each(sidsOf(role).filter((sid) => sid !== TRAIL))('%s is needed', async (sid) => {
    const estate = await createExample();
    expect(await live(estate, withoutStatement(sid, role))).not.toEqual([]);
  });
});

describe('who changed what', () => {
  it.each([
    ['is told by both roles', undefined, []],
    ['is not told by drift without ReadTrail', 'plan', ['drift: nobody is named']],
    ['is not told by apply without ReadTrail', 'apply', ['apply: nobody is named']],
  ] as const)('%s', async (_, role, missing) => {
    const estate = await createExample();
    await makeRoles(estate, PRINTED, role && withoutStatement(TRAIL, role));
    const loop = await loopOf(estate);
    expect(await loop.applied(await loop.plan())).toEqual([]);
    expect(await loop.asked([HOME])).toEqual(missing);
  });
});
