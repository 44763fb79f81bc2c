import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/embedded/iam/policy/evaluate.ts';
import { policyIn } from '../../src/iam/files.ts';
import type { IamResult } from '../../src/iam/result.ts';
import { charactersOf, MOST_CHARACTERS } from '../../src/iam/size.ts';
import { iam } from '../../src/operations/iam.ts';
import { createFanOutEstate, SOURCE } from '../support/bucket-fan-out.ts';
import { allowsOf } from '../support/generated-roles.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

/** What is printed for a fan-out to so many buckets of its own account. */
async function printedFor(count: number, more: readonly string[] = []): Promise<IamResult> {
  const destinations = Array.from({ length: count }, (_, index) => `    - { bucket: acme-copies-${index} }\n`).join('');
  const estate = await createFanOutEstate([SOURCE, 'concurrency: 4', ...more, `destinations:\n${destinations}`]);
  return iam(await estate.load());
}

/** Names of statements, without their numbers, by the services of their actions. */
function subjects(result: IamResult, role: 'plan' | 'apply' | 'boundary'): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for (const { Sid = '', Action } of allowsOf(policyIn(result[role], 'prod'))) {
    const service = Action[0]!.split(':')[0]!;
    found.set(service, (found.get(service) ?? new Set()).add(Sid.replace(/\d+$/, '')));
  }
  return Object.fromEntries([...found].map(([service, names]) => [service, [...names].sort()]));
}

describe('statements of a fan-out are named by what they let', () => {
  it.each([
    [
      'plan',
      {
        s3: ['ReadBuckets', 'ReadLease'],
        dynamodb: ['ReadTables'],
        sqs: ['ReadQueues'],
        sns: ['ReadAllSubscriptions', 'ReadTopics'],
      },
    ],
    [
      'apply',
      {
        s3: ['ManageBuckets', 'ManageLease', 'ManageObjects', 'ReadBuckets', 'ReadObjects'],
        dynamodb: ['ManageTables'],
        sqs: ['ManageQueues'],
        sns: ['ManageAllSubscriptions', 'ManageTopics'],
      },
    ],
    [
      'boundary',
      {
        s3: ['ManageObjects', 'ReadBuckets', 'ReadObjects'],
        dynamodb: ['ManageTables'],
        sqs: ['ManageQueues'],
      },
    ],
  ] as const)('of the %s', async (role, expected) => {
    expect(subjects(await printedFor(2), role)).toMatchObject(expected);
  });

  it('and what is about the lease names nothing else', async () => {
    const { plan, apply } = await printedFor(2);
    const leases = [plan, apply].flatMap((policies) =>
      allowsOf(policyIn(policies, 'prod')).filter(({ Sid }) => Sid?.includes('Lease')),
    );
    const resources = leases.flatMap(({ Resource = [] }) => Resource);
    expect(resources.length).toBeGreaterThan(0);
    expect(resources.filter((one) => !one.startsWith('arn:aws:s3:::trueup-lease-'))).toEqual([]);
  });

  it('is told from a ledger where the lease is a table', async () => {
    const estate = await createFanOutEstate();
    estate.rewrite('settings.yaml', (yaml) => `${yaml}\n  lease: { table: leases }\n`);
    const { apply } = iam(await estate.load());
    const tables = allowsOf(policyIn(apply, 'prod')).filter(({ Action }) => Action[0]!.startsWith('dynamodb:'));
    expect(
      tables.map(({ Sid, Resource }) => [Sid, Resource!.map((one) => one.replace(/.*\//, '').slice(0, 15))]),
    ).toEqual([
      ['ManageLease', ['leases']],
      ['ManageTables', ['invoices-ledger']],
    ]);
  });
});

describe('the boundary of a fan-out', () => {
  it('is exact while it fits', async () => {
    const boundary = policyIn((await printedFor(2)).boundary, 'prod');
    const queues = allowsOf(boundary).filter(({ Sid }) => Sid?.startsWith('ManageQueues'));
    expect(queues.flatMap(({ Resource = [] }) => Resource).some((one) => one.endsWith('*'))).toBe(false);
    expect(JSON.stringify(boundary)).toContain('dynamodb:LeadingKeys');
  });

  it('fits for many destinations, and lets each function do what its own policy does, but no other document’s', async () => {
    const { boundary, runtime } = await printedFor(18);
    const limit = policyIn(boundary, 'prod');
    expect(charactersOf(limit)).toBeLessThanOrEqual(MOST_CHARACTERS);
    let asked = 0;
    for (const policy of Object.values(runtime)) {
      for (const { Action, Resource = [], Condition = {} } of allowsOf(policy)) {
        const asks = Object.entries(Condition).filter(([operator]) => operator !== 'Null');
        const conditions = Object.fromEntries(
          asks.flatMap(([, keys]) =>
            Object.entries(keys).map(([key, value]) => [key, String([value].flat()[0]).replaceAll('*', 'x')]),
          ),
        );
        for (const action of Action) {
          for (const resource of Resource) {
            asked += 1;
            const request = { action, resource: resource.replaceAll('*', 'x'), conditions };
            const { effect } = evaluate(request, { identity: [limit] });
            expect([action, resource, effect]).toEqual([action, resource, 'allowed']);
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(18 * 20);
    const queue = 'arn:aws:sqs:eu-west-1:111122223333:others-work01234567-0123456789';
    const request = { action: 'sqs:ReceiveMessage', resource: queue };
    expect(evaluate(request, { identity: [limit] }).effect).toBe('implicit-deny');
  });

  it('and roles that a fan-out has no room in are said', async () => {
    const { findings } = await printedFor(50);
    expect(findings.filter(({ code }) => code === 'policy-too-large').length).toBeGreaterThan(0);
  });
});
