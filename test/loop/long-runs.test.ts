import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import type { LeaseRecord } from '../../src/engine/lease.ts';
import type { Continuation, LoopAnswer } from '../../src/operations/loop/types.ts';
import { leaseBucket } from '../../src/resources/lease/bucket.ts';
import { leaseKey } from '../../src/resources/lease/store.ts';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { tapped } from '../support/wiretap.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

/** Eight resources each. TRUEUP_SCALE=1 takes 10,000 resources, which is some minutes of one core. */
const DOCUMENTS = process.env['TRUEUP_SCALE'] ? 1_250 : 100;
const REGION = 'eu-west-1';
vi.setConfig({ testTimeout: 20 * 60_000 });

const nameOf = (index: number): string => `office-${String(index).padStart(5, '0')}`;

async function createMany(count: number): Promise<TestEstate> {
  const estate = await createEstate();
  for (let index = 0; index < count; index += 1) {
    estate.write(
      `${nameOf(index)}.yaml`,
      scheduleYaml(['every: rate(10 minutes)', `tagKey: Key${index}`], nameOf(index)),
    );
  }
  const { outcome, failed } = await estate.apply();
  expect([outcome, failed]).toEqual(['applied', []]);
  return estate;
}

/** Rules by the name of their document. */
async function rulesOf(
  estate: TestEstate,
): Promise<ReadonlyMap<string, { readonly name: string; readonly every: string }>> {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const found = new Map<string, { name: string; every: string }>();
  let more: string | undefined;
  do {
    const { Rules = [], NextToken } = await client.send(new ListRulesCommand({ NextToken: more }));
    for (const { Name = '', ScheduleExpression = '' } of Rules) {
      found.set(Name.slice(0, nameOf(0).length), { name: Name, every: ScheduleExpression });
    }
    more = NextToken;
  } while (more);
  return found;
}

async function leaseOf({ account }: TestEstate): Promise<LeaseRecord> {
  const { name } = leaseBucket('acme-network', { account: '111122223333', region: REGION });
  const client = account.client(S3Client, { region: REGION });
  const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: leaseKey('acme-network') }));
  return JSON.parse(await Body!.transformToString()) as LeaseRecord;
}

describe('a run that is too long for one invocation', () => {
  it(`${DOCUMENTS * 8} resources: position kept, lease held, nothing twice`, async () => {
    const estate = await createMany(DOCUMENTS);
    const state = memoryCell();
    expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line', documents: DOCUMENTS });
    const tampered = [3, DOCUMENTS >> 1, DOCUMENTS - 2].map(nameOf);
    const client = estate.account.client(EventBridgeClient, { region: REGION });
    const rules = await rulesOf(estate);
    for (const document of tampered) {
      const Name = rules.get(document)!.name;
      await client.send(new PutRuleCommand({ Name, ScheduleExpression: 'rate(7 days)', State: 'ENABLED' }));
    }
    const account = tapped(estate.account, () => undefined);

    const answers: LoopAnswer[] = [];
    const leases: LeaseRecord[] = [];
    let next: Continuation | undefined;
    do {
      const continues: Continuation | undefined = next;
      next = undefined;
      answers.push(
        await invocation(estate, {
          state,
          account,
          over: {
            ...(continues && { continues }),
            // One slice is always looked at, and then the time is over.
            left: () => 0,
            onward: async (onward) => void (next = onward),
          },
        }),
      );
      leases.push(await leaseOf(estate));
    } while (next);

    const slices = Math.ceil((DOCUMENTS * 8) / 248);
    expect(answers.length).toBeGreaterThanOrEqual(slices);
    expect(answers.slice(0, -1).every(({ outcome }) => outcome === 'goes-on')).toBe(true);
    expect(answers.at(-1)).toMatchObject({
      outcome: 'healed',
      invocation: answers.length,
      documents: DOCUMENTS,
      differences: 3,
      open: 0,
      healed: 3,
      failed: [],
    });
    expect(account.attempts.filter(({ command }) => command === 'PutRule')).toHaveLength(3);
    expect([...(await rulesOf(estate)).values()].filter(({ every }) => every !== 'rate(10 minutes)')).toEqual([]);
    // Held from the first write to the end, by one token, and given back then.
    expect(new Set(leases.map(({ token }) => token)).size).toBe(1);
    expect(leases.map(({ holder }) => holder !== null)).toEqual(answers.map(({ outcome }) => outcome === 'goes-on'));
  });
});
