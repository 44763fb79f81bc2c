import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../../src/aws/clients.ts';
import type { Configuration } from '../../src/runtime/instance-schedule/configuration.ts';
import { survey } from '../../src/runtime/instance-schedule/survey.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };
/** Tuesday. */
const SERVICE = Date.parse('2026-11-24T10:11:00Z');

/** EC2 over HTTP, with one running instance, whose answers carry the date of its own clock. */
function ec2At(now: number): EC2Client {
  const tag = '<item><key>EntScheduler</key><value>;;tue;1010;</value></item>';
  const instance = `<item><instanceId>i-0a</instanceId><instanceType>m5.large</instanceType><instanceState><name>running</name></instanceState><tagSet>${tag}</tagSet></item>`;
  const body = `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instance}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
  return new EC2Client({
    region: PLACE.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: { date: new Date(now).toUTCString(), 'content-type': 'text/xml' },
          body: Buffer.from(body),
        },
      }),
    } as never,
  });
}

const CONFIGURATION: Configuration = {
  owner: 'acme',
  name: 'office',
  address: 'InstanceSchedule/office',
  place: PLACE,
  places: [PLACE],
  accounts: [PLACE.account],
  regions: [PLACE.region],
  members: [],
  tagKey: 'EntScheduler',
  every: 'rate(10 minutes)',
  window: 12,
  schedules: {},
  rules: {
    mode: 'edge',
    hibernate: false,
    maxActions: 100,
    honourDisable: true,
    respectManual: 'until-next-transition',
  },
};

describe('F16 a clock that is wrong', () => {
  it.each([
    ['ten minutes behind', -10, 'stop', 600_000],
    ['ten minutes ahead', 10, 'stop', -600_000],
    ['two minutes behind', -2, 'stop', 120_000],
    ['right', 0, 'stop', undefined],
    ['a minute ahead, which is borne', 1, 'stop', undefined],
  ])('%s: it is decided by EC2’s, and what is more than a minute is reported', async (_what, minutes, action, skew) => {
    const clock = { now: () => SERVICE + minutes * 60_000, sleep: async () => undefined };
    const client = ec2At(SERVICE);
    const aws = { client: async () => client, calls: () => ({}) } as unknown as Aws;

    const found = await survey(CONFIGURATION, aws, clock);

    expect(found.judged.map(({ decision }) => decision.action)).toEqual([action]);
    expect(found.skew).toBe(skew);
  });

  it('ahead by more than the window: without EC2’s clock the stop would be missed', async () => {
    const clock = { now: () => SERVICE + 20 * 60_000, sleep: async () => undefined };
    const client = ec2At(SERVICE);
    const aws = { client: async () => client, calls: () => ({}) } as unknown as Aws;

    const found = await survey(CONFIGURATION, aws, clock);

    expect(found.judged[0]?.decision).toMatchObject({ action: 'stop', reason: 'stop due' });
    expect(found.skew).toBe(-20 * 60_000);
  });
});
