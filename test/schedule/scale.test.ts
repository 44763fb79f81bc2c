import { IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { MINUTE, applied, createScheduleEstate } from '../support/schedule-estate.ts';
import type { ScheduleEstate } from '../support/schedule-estate.ts';

const TAG = 'EntScheduler';
/** Stops at 10:10 of the day on which tests begin. */
const SOON = ';;tue;1010;';
const ACCOUNTS = ['111122223333', '444455556666', '777788889999'];
const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'ap-south-1'];

/** An estate with the function in the first account. */
async function threeAccounts(spec: readonly string[]): Promise<ScheduleEstate> {
  const estate = await createScheduleEstate([
    'accounts: [prod, partner, third]',
    `regions: [${REGIONS.join(', ')}]`,
    ...spec,
  ]);
  const role = (name: string): string => `arn:aws:iam::777788889999:role/trueup-${name}`;
  estate.rewrite('settings.yaml', (yaml) =>
    yaml.replace(
      '  defaultAccount',
      `    third: { id: "777788889999", planRole: "${role('plan')}", applyRole: "${role('apply')}" }\n  defaultAccount`,
    ),
  );
  return estate;
}

function fleet(count: number, tags: (index: number) => string, prefix = '0') {
  return Array.from({ length: count }, (_, index) => ({
    id: `i-${prefix}${index.toString(16).padStart(8, '0')}`,
    type: 'm5.large',
    tags: { [TAG]: tags(index) },
  }));
}

/** As a service control policy does: one region of one account is closed to the function. */
async function closeRegion(estate: ScheduleEstate, account: string, region: string): Promise<void> {
  const iam = estate.account.client(IAMClient, { region: 'us-east-1', account });
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/trueup/' }));
  const [role] = Roles.filter(({ RoleName = '' }) => RoleName.startsWith('office-hours-member'));
  const Statement = [
    { Effect: 'Deny', Action: 'ec2:*', Resource: '*', Condition: { StringEquals: { 'aws:RequestedRegion': region } } },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: role?.RoleName, PolicyName: 'closed', PolicyDocument }));
}

describe('many instances', () => {
  it('F33 1,200 over 3 accounts × 4 regions, one pair unreachable: the rest is handled, and the run fails with the list', async () => {
    const estate = await threeAccounts(['maxActions: 2000']);
    for (const [at, account] of ACCOUNTS.entries()) {
      for (const [index, region] of REGIONS.entries()) {
        estate.account.putInstances(
          fleet(100, () => SOON, `${at}${index}`),
          { account, region },
        );
      }
    }
    await applied(estate);
    await closeRegion(estate, '777788889999', 'ap-south-1');
    estate.account.elapse(12 * MINUTE);
    const before = estate.account.calls()['ec2'] ?? { reads: 0, writes: 0 };

    const message = await estate.run().then(
      (answer) => JSON.stringify(answer),
      (error: Error) => error.message,
    );

    expect(message).toMatch(/everything else was done, but for 777788889999\/ap-south-1: .*not authorized/i);
    const { runs } = await estate.log();
    expect(runs.at(-1)).toMatchObject({ outcome: 'failed', Failed: 1, Stopped: 1100, Instances: 1100, Unreachable: 1 });
    for (const account of ACCOUNTS) {
      for (const region of REGIONS) {
        const states = [...(await estate.instances({ account, region })).values()].map(({ state }) => state);
        const isClosed = account === '777788889999' && region === 'ap-south-1';
        expect([account, region, states.filter((state) => state === 'running').length]).toEqual([
          account,
          region,
          isClosed ? 100 : 0,
        ]);
      }
    }
    const calls = runs.at(-1)?.['calls'] as Record<string, { reads: number; writes: number }>;
    // A look at each place, two batches of 50 in each that answers, and a role in each other account.
    expect(calls).toEqual({ EC2: { reads: 12, writes: 22 }, STS: { reads: 2, writes: 0 } });
    expect(estate.account.calls()['ec2']!.writes - before.writes).toBe(22);
  });

  it('one malformed tag among 500: 499 are handled, one is reported', async () => {
    const estate = await createScheduleEstate(['maxActions: 500']);
    estate.account.putInstances(
      fleet(500, (index) => (index === 250 ? 'mon;0830' : SOON)),
      { region: 'eu-west-1' },
    );
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    expect(await estate.run()).toMatchObject({ outcome: 'done', instances: 500, stopped: 499, malformed: 1 });
    const bad = [...(await estate.instances())].filter(([, { tags }]) => tags['trueup:schedule-error'] !== undefined);
    expect(bad.map(([, { tags, state }]) => [tags['trueup:schedule-error'], state])).toEqual([
      ['EntScheduler: too-few-parts at column 5', 'running'],
    ]);
  });

  it(
    'T87 5,000 hostile tags among 10,000: the other 5,000 are handled, in seconds',
    { retry: 1, timeout: 120_000 },
    async () => {
      const estate = await createScheduleEstate(['maxActions: 10000']);
      const hostile = [
        'mon,'.repeat(60),
        ';'.repeat(256),
        '__proto__',
        'constructor;0830;toString;1700',
        '\u202emon;0830;mon;1700',
        '$(reboot);0830;mon;1700',
        '<script>alert(1)</script>',
        'mon;0830;mon;1700;disable;;;x',
        `${'a'.repeat(255)};`,
        'ＭＯＮ;０８３０;mon;1700',
      ];
      const tags = (index: number): string => (index % 2 === 0 ? hostile[(index / 2) % hostile.length]! : SOON);
      estate.account.putInstances(fleet(10_000, tags), { region: 'eu-west-1' });
      await applied(estate);
      estate.account.elapse(12 * MINUTE);

      const answer = await estate.run();

      expect(answer).toMatchObject({ outcome: 'done', instances: 10_000, stopped: 5_000, malformed: 5_000 });
      const { runs } = await estate.log();
      // The bound of the row is 5 s; asserted at ten times that, with one retry.
      expect(runs.at(-1)?.['Duration']).toBeLessThan(50);
      const errors = [...(await estate.instances()).values()]
        .map((one) => one.tags['trueup:schedule-error'])
        .filter(Boolean);
      expect(errors.length).toBe(5_000);
      expect([...new Set(errors)].every((text) => /^EntScheduler: [a-z-]+ at column \d+$/.test(text!))).toBe(true);
    },
  );
});

describe('T65 the role in another account', () => {
  it('admits the function’s own role with the external id, for one hop, and nobody else', async () => {
    const estate = await threeAccounts([]);
    await applied(estate);
    const iam = estate.account.client(IAMClient, { region: 'us-east-1', account: '444455556666' });
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/trueup/' }));
    const trust = Roles.map(
      ({ AssumeRolePolicyDocument = '' }) => JSON.parse(decodeURIComponent(AssumeRolePolicyDocument)) as object,
    );

    expect(trust).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: {
              AWS: expect.stringMatching(
                /^arn:aws:iam::111122223333:role\/trueup\/acme-network\/office-hours-scheduler-role-/,
              ),
            },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'acme-network/InstanceSchedule/office-hours' } },
          },
        ],
      },
    ]);
    expect(await estate.run()).toMatchObject({ outcome: 'done', unreachable: [] });
  });
});
