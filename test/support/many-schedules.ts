import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Rule } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import type { Place } from '../../src/engine/types.ts';
import { createEstate } from './estate.ts';
import type { TestEstate } from './estate.ts';
import { scheduleYaml } from './schedule-estate.ts';

/** Of one InstanceSchedule in one account and region. */
export const RESOURCES_A_DOCUMENT = 8;

const EVERY = 'rate(10 minutes)';
/** By their names in Settings. */
const ACCOUNTS = { prod: '111122223333', partner: '444455556666' };
const REGIONS = ['eu-west-1', 'eu-west-2', 'eu-central-1', 'us-east-1', 'ap-south-1'];

/**
 * One document after the other goes to the next of these. AWS lets an account have 1,000 roles, and a bus 300 rules: with
 * one of each a document that is room for 2,000 of them.
 */
const PLACES = Object.entries(ACCOUNTS).flatMap(([name, account]) =>
  REGIONS.map((region) => ({ name, account, region })),
);

export interface ManySchedules extends TestEstate {
  /** Changes by hand how often functions start: those of the documents with these numbers. */
  tamper(indexes: readonly number[]): Promise<void>;
  /** Rules that are not as their documents say, by name. */
  wrongRules(): Promise<readonly string[]>;
}

/** Applied: so many documents over all places, each with a tag key of its own. */
export async function createManySchedules(count: number): Promise<ManySchedules> {
  const estate = await createEstate();
  for (let index = 0; index < count; index += 1) {
    const { name, region } = placeOf(index);
    const spec = [`account: ${name}`, `region: ${region}`, `every: ${EVERY}`, `tagKey: Key${index}`];
    estate.write(`${documentName(index)}.yaml`, scheduleYaml(spec, documentName(index)));
  }
  const { outcome, failed } = await estate.apply();
  expect([outcome, failed]).toEqual(['applied', []]);
  return {
    ...estate,
    async tamper(indexes) {
      for (const index of indexes) {
        const Name = await estate.functionName('Rule', documentName(index));
        const client = estate.account.client(EventBridgeClient, placeOf(index));
        await client.send(new PutRuleCommand({ Name, ScheduleExpression: 'rate(7 days)', State: 'ENABLED' }));
      }
    },
    async wrongRules() {
      const rules = await Promise.all(PLACES.map((place) => rulesIn(estate, place)));
      expect(rules.flat()).toHaveLength(count);
      return rules.flat().flatMap(({ Name = '', ScheduleExpression }) => (ScheduleExpression === EVERY ? [] : [Name]));
    },
  };
}

function documentName(index: number): string {
  return `office-${String(index).padStart(5, '0')}`;
}

function placeOf(index: number): (typeof PLACES)[number] {
  return PLACES[index % PLACES.length]!;
}

async function rulesIn({ account }: TestEstate, place: Place): Promise<readonly Rule[]> {
  const client = account.client(EventBridgeClient, place);
  const found: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListRulesCommand({ NextToken }));
    found.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
