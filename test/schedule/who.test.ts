import { CreateTagsCommand, DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import type { DriftResult } from '../../src/engine/types.ts';
import { applied, createScheduleEstate } from '../support/schedule-estate.ts';
import type { ScheduleEstate } from '../support/schedule-estate.ts';

const WHERE = { region: 'eu-west-1' };
const TAG = 'EntScheduler';
const SPEC = [
  'schedules: { office: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] } }',
  'assign: [{ select: { tags: { team: data } }, schedule: office }]',
];
const MINUTE = 60_000;

function idOf(index: number): string {
  return `i-0${index.toString(16).padStart(6, '0')}`;
}

async function withFleet(count: number, options: EmbeddedOptions = {}): Promise<ScheduleEstate> {
  const estate = await createScheduleEstate(SPEC, options);
  const fleet = Array.from({ length: count }, (_, index) => ({
    id: idOf(index),
    type: 'm5.large',
    tags: { team: 'data' },
  }));
  estate.account.putInstances(fleet, WHERE);
  await applied(estate);
  estate.account.elapse(MINUTE);
  return estate;
}

function ec2(estate: ScheduleEstate): EC2Client {
  return estate.account.client(EC2Client, WHERE);
}

async function tag(estate: ScheduleEstate, id: string, Key: string, Value: string): Promise<void> {
  await ec2(estate).send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));
  estate.account.elapse(MINUTE);
}

async function tagAll(estate: ScheduleEstate, count: number): Promise<void> {
  const Resources = Array.from({ length: count }, (_, index) => idOf(index));
  await ec2(estate).send(new CreateTagsCommand({ Resources, Tags: [{ Key: TAG, Value: 'mon;0000;;' }] }));
}

function lookups(estate: ScheduleEstate): readonly string[] {
  return estate.account
    .events()
    .filter(({ eventName }) => eventName === 'LookupEvents')
    .map(({ requestParameters }) => {
      const [attribute] = requestParameters!['lookupAttributes'] as readonly { readonly attributeValue: string }[];
      return attribute!.attributeValue;
    });
}

function whoIn({ drifted }: DriftResult) {
  return drifted.map(({ who }) => who);
}

describe('who changed a schedule tag', () => {
  it('is the newest of those whose request holds what is found; other tags are nobody’s business', async () => {
    const estate = await withFleet(3);
    await tag(estate, idOf(0), TAG, 'mon;0000;;');
    await ec2(estate).send(new DeleteTagsCommand({ Resources: [idOf(1)], Tags: [{ Key: TAG }] }));
    const at = new Date(estate.account.now()).toISOString();
    estate.account.elapse(MINUTE);
    await tag(estate, idOf(0), 'team-lead', 'alice');

    const found = await estate.drift();

    expect(whoIn(found)).toMatchObject([
      { event: 'DeleteTags', at: at.replace(/\.\d{3}Z$/, 'Z'), confidence: 'exact', how: 'sdk' },
    ]);
    // The third is as it should be.
    expect(lookups(estate).toSorted()).toEqual([idOf(0), idOf(1)]);
  });

  it('is asked of 40 instances in a region at most', async () => {
    const estate = await withFleet(50);
    await tagAll(estate, 50);

    const found = await estate.drift();

    expect(estate.account.calls()['cloudtrail']).toEqual({ reads: 40, writes: 0 });
    expect(new Set(lookups(estate)).size).toBe(40);
    expect(whoIn(found)).toMatchObject([{ event: 'CreateTags', confidence: 'exact' }]);
  });

  it('is not said to be out of sight where not all were asked', async () => {
    const estate = await withFleet(50, { trail: { delay: 15 * MINUTE } });
    await tagAll(estate, 50);

    const found = await estate.drift();

    expect(estate.account.calls()['cloudtrail']).toEqual({ reads: 40, writes: 0 });
    expect(whoIn(found)).toEqual([undefined]);
    expect(found.findings).toContainEqual({
      document: '',
      code: 'who-not-asked',
      severity: 'warning',
      message: expect.stringMatching(
        /Instances\S* was not looked up: 40 lookups in eu-west-1 of 111122223333 are as many/,
      ),
      hint: 'trueup drift --only GLOB looks at a part of the estate',
    });
  });
});
