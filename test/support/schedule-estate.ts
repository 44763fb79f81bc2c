import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import { createEstate } from './estate.ts';
import type { TestEstate } from './estate.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const REGION = 'eu-west-1';
const ACCOUNT = '111122223333';
const NAME = 'office-hours';
const ADDRESS = `InstanceSchedule/${NAME}`;

export type Fields = Readonly<Record<string, unknown>>;

/** An estate with the one document InstanceSchedule/office-hours, and eyes for its instances and its function. */
export interface ScheduleEstate extends TestEstate {
  /** Runs the function with an event; default: a run, as the rule has it. */
  run(event?: object): Promise<Fields>;
  /** By id: state and tags. */
  instances(where?: {
    readonly account?: string;
    readonly region?: string;
  }): Promise<ReadonlyMap<string, SeenInstance>>;
  /** What the function has logged: a line an instance, and a line a run. */
  log(): Promise<{ readonly instances: readonly Fields[]; readonly runs: readonly Fields[] }>;
  alarm(): Promise<string | undefined>;
  /** Starts and stops so far, by time. */
  switched(): readonly { readonly at: string; readonly action: string; readonly ids: readonly string[] }[];
}

export interface SeenInstance {
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** @param spec lines of the document's spec */
export function scheduleYaml(spec: readonly string[], name = NAME): string {
  const lines = ['apiVersion: trueup/v1', 'kind: InstanceSchedule', `metadata: { name: ${name} }`, 'spec:'];
  return `${[...lines, ...spec.map((line) => `  ${line}`)].join('\n')}\n`;
}

export async function createScheduleEstate(
  spec: readonly string[],
  options: EmbeddedOptions = {},
): Promise<ScheduleEstate> {
  const estate = await createEstate(options);
  estate.write('office.yaml', scheduleYaml(spec));
  const { account } = estate;
  return {
    ...estate,
    async run(event = { action: 'run', document: ADDRESS }) {
      const name = await estate.functionName('Scheduler', NAME);
      const { answer } = await account.invoke(name, event, { region: REGION });
      return answer as Fields;
    },
    async instances({ account: id = ACCOUNT, region = REGION } = {}) {
      const client = account.client(EC2Client, { region, account: id });
      const found = new Map<string, SeenInstance>();
      for await (const { Reservations = [] } of paginateDescribeInstances({ client }, {})) {
        for (const { InstanceId = '', State, Tags = [] } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
          const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
          found.set(InstanceId, { state: State?.Name ?? '', tags });
        }
      }
      return found;
    },
    async log() {
      const client = account.client(CloudWatchLogsClient, { region: REGION });
      const logGroupName = `/aws/lambda/${await estate.functionName('Scheduler', NAME)}`;
      const lines: Fields[] = [];
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
        for (const { message = '' } of events) if (message.startsWith('{')) lines.push(JSON.parse(message) as Fields);
      }
      return {
        instances: lines.filter((line) => line['instance'] !== undefined),
        runs: lines.filter((line) => line['_aws'] !== undefined),
      };
    },
    async alarm() {
      const client = account.client(CloudWatchClient, { region: REGION });
      const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
      return MetricAlarms[0]?.StateValue;
    },
    switched: () =>
      account
        .events()
        .filter(({ eventName, errorCode }) => /^(?:Start|Stop)Instances$/.test(eventName) && errorCode === undefined)
        .map(({ eventTime, eventName, requestParameters }) => ({
          at: eventTime,
          action: eventName === 'StartInstances' ? 'start' : 'stop',
          ids: idsIn(requestParameters),
        })),
  };
}

/** As CloudTrail has them, or as the SDK does. */
function idsIn(parameters: unknown): readonly string[] {
  const text = JSON.stringify(parameters);
  return [...text.matchAll(/"(i-[0-9a-f]+)"/g)].map(([, id]) => id ?? '').sort();
}

/** Applied, and nothing left to do. */
export async function applied(estate: ScheduleEstate): Promise<ScheduleEstate> {
  const { outcome, failed, guards } = await estate.apply(await estate.plan());
  expect({ outcome, failed, guards }).toEqual({ outcome: 'applied', failed: [], guards: [] });
  expect((await estate.plan()).actions).toEqual([]);
  return estate;
}
