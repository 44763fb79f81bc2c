import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ChangeResourceRecordSetsCommand, ListHostedZonesByNameCommand } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { InvokedFunction } from '../../src/embedded/index.ts';
import { listRecordSets } from '../../src/resources/record-sets/listing.ts';
import { beforeAll } from 'vitest';
import { createEstate, mirror } from './estate.ts';
import type { EstateOptions, TestEstate } from './estate.ts';
import { startZonePrimary } from './zone-primary.ts';
import type { ZonePrimary } from './zone-primary.ts';

export const REGION = { region: 'eu-west-1' } as const;
export const VPC = 'vpc-0a11bb22cc33dd44e';
export const DOCUMENT = 'ZoneMirror/corp';

const MINUTE = 60_000;
/** Shorter than an execution environment lives without work. */
const SCHEDULE_MINUTES = 5;

/** The functions stand in the VPC of the private zone, whose resolver answers for it. */
export const NETWORK = 'network: { subnets: [subnet-0a11bb22, subnet-0b11bb22], securityGroups: [sg-0a11bb22] }';

export const TSIG = 'tsig: { name: xfr-key, algorithm: hmac-sha256, secret: ssm:/xfr }';

/** What apply sends to the function that mirrors. */
export const EVENT = { action: 'mirror', document: DOCUMENT } as const;

/** What `ZonePrimary` serves in the beginning. */
export const RECORDS = ['ns1 300 A 10.0.0.1', 'www 300 A 10.0.0.2', 'vpn 300 A 10.0.0.3'] as const;

/** One line that a function left. */
export type Line = Readonly<Record<string, unknown>> & { readonly outcome: string };

/** What a line says beside the counts. */
export function findingsOf(line: Line): readonly { readonly code: string; readonly severity: string }[] {
  return line['findings'] as readonly { readonly code: string; readonly severity: string }[];
}

/** Calls to the services, by name; those that were not called are not there. */
type Spent = Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;

/** A mirror of `z.test` that was applied, with its functions in an embedded account. */
export interface MirrorBench {
  readonly estate: TestEstate;
  readonly primary: ZonePrimary;
  zoneId(): Promise<string>;
  /** Lets the rule start the function once. @returns the line of that run, and what it called */
  tick(): Promise<{ readonly line: Line; readonly spent: Spent }>;
  invoke(event: unknown, id?: 'Mirror' | 'Plan'): Promise<InvokedFunction>;
  /** All lines of a function so far. */
  lines(id?: 'Mirror' | 'Plan'): Promise<readonly Line[]>;
  /** Everything in the function's log, with Lambda's own lines. */
  log(id?: 'Mirror' | 'Plan'): Promise<readonly string[]>;
  alarm(): Promise<string>;
  /** Sum of the metric over the last hour. */
  refusedEvents(): Promise<number>;
  /** `name type values` of each set but the apex NS and SOA, in Route 53's order. */
  sets(): Promise<readonly string[]>;
  /** Name servers at the apex of the hosted zone. */
  apexNs(): Promise<string>;
  /** The serial that the hosted zone serves. */
  serial(): Promise<number>;
  /** By hand, as somebody else would. */
  change(action: 'UPSERT' | 'DELETE' | 'CREATE', set: ResourceRecordSet): Promise<void>;
  /** Sets the document's further lines of spec, and its primary; nothing is applied. */
  declare(spec: readonly string[], address?: string): void;
}

export interface BenchOptions extends EstateOptions {
  readonly spec?: readonly string[];
  readonly records?: readonly string[];
  /** Default: `z.test`, which the bench's primary serves. */
  readonly domain?: string;
  /** Not applied yet. */
  readonly undeployed?: true;
}

export async function createMirrorBench(options: BenchOptions = {}): Promise<MirrorBench> {
  const { spec = [], records = RECORDS, domain = 'z.test', undeployed, ...embedded } = options;
  const estate = await createEstate(embedded);
  const { account } = estate;
  putNetwork(estate);
  const primary = await startZonePrimary(embedded.onFinished);
  primary.serve(5, records);
  const declare = (lines: readonly string[], address = primary.address): void => {
    const yaml = mirror(estate, lines, 'corp', domain)
      .replace(estate.primary, address)
      .replace('rate(15 minutes)', `rate(${SCHEDULE_MINUTES} minutes)`);
    estate.write('corp.yaml', yaml);
  };
  declare(spec);
  if (!undeployed) {
    const result = await estate.apply();
    if (result.outcome !== 'applied') throw new Error(JSON.stringify(result, null, 1));
    // From here on a run stands in the middle of its tick, and the alarm is judged before the tick is over.
    await account.advance(2.5 * MINUTE);
  }
  const logs = account.client(CloudWatchLogsClient, REGION);
  const watch = account.client(CloudWatchClient, REGION);
  primary.asked();

  let known: string | undefined;
  // Read once: reading a configuration costs more than running a function.
  const names = { Mirror: await estate.functionName('Mirror'), Plan: await estate.functionName('Plan') };
  const bench: MirrorBench = {
    estate,
    primary,
    async zoneId() {
      known ??= await zoneIdOf(estate, domain);
      return known;
    },
    declare,
    async tick() {
      const seen = (await bench.lines()).length;
      const before = account.calls();
      await account.advance(SCHEDULE_MINUTES * MINUTE);
      const after = account.calls();
      const [line, ...more] = (await bench.lines()).slice(seen);
      if (!line || more.length > 0)
        throw new Error(`${more.length + (line ? 1 : 0)} lines\n${(await bench.log()).join('\n')}`);
      return { line, spent: spentBetween(before, after) };
    },
    invoke: async (event, id = 'Mirror') => account.invoke(names[id], event, REGION),
    async lines(id) {
      return (await bench.log(id)).filter((text) => text.startsWith('{"_aws"')).map((text) => JSON.parse(text) as Line);
    },
    async log(id = 'Mirror') {
      const logGroupName = `/aws/lambda/${names[id]}`;
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      return events.map(({ message = '' }) => message);
    },
    async alarm() {
      const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({}));
      return MetricAlarms[0]?.StateValue ?? 'none';
    },
    async refusedEvents() {
      const { Datapoints = [] } = await watch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'trueup/ZoneMirror',
          MetricName: 'RefusedEvents',
          Statistics: ['Sum'],
          Period: 60,
          Dimensions: [{ Name: 'Document', Value: DOCUMENT }],
          StartTime: new Date(account.now() - 60 * MINUTE),
          EndTime: new Date(account.now() + MINUTE),
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    },
    async sets() {
      const listed = await listRecordSets(estate.client, await bench.zoneId());
      return listed.filter(({ Name, Type }) => Name !== 'z.test.' || (Type !== 'NS' && Type !== 'SOA')).map(textOf);
    },
    async apexNs() {
      const listed = await listRecordSets(estate.client, await bench.zoneId());
      return listed
        .filter(({ Name, Type }) => Name === 'z.test.' && Type === 'NS')
        .map(valuesOf)
        .join(' ');
    },
    async serial() {
      const listed = await listRecordSets(estate.client, await bench.zoneId());
      const [value = ''] = listed.filter(({ Type }) => Type === 'SOA').map(valuesOf);
      return Number(value.split(' ')[2]);
    },
    async change(Action, ResourceRecordSet) {
      const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
      await estate.client.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: await bench.zoneId(), ChangeBatch }),
      );
    },
  };
  return bench;
}

/** One bench for all tests of a suite, which go one after the other from what the one before has left. */
export function sharedMirrorBench(options: BenchOptions = {}): () => MirrorBench {
  let bench: MirrorBench | undefined;
  beforeAll(async () => {
    const ends: (() => Promise<void>)[] = [];
    bench = await createMirrorBench({ ...options, onFinished: (end) => ends.push(end) });
    return async () => {
      for (const end of ends) await end();
    };
  });
  return () => {
    if (!bench) throw new Error('the bench is there once the suite begins');
    return bench;
  };
}

async function zoneIdOf({ client }: TestEstate, name: string): Promise<string> {
  const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: name }));
  return (HostedZones[0]?.Id ?? '').replace('/hostedzone/', '');
}

function putNetwork({ account }: TestEstate): void {
  const network = {
    vpc: { id: VPC },
    internetGateway: 'igw-0a',
    natGateways: [{ id: 'nat-0a', subnet: 'subnet-0c11bb22' }],
    subnets: [
      { id: 'subnet-0a11bb22', cidr: '10.0.1.0/24', zone: 'eu-west-1a', defaultRoute: 'nat-0a' },
      { id: 'subnet-0b11bb22', cidr: '10.0.2.0/24', zone: 'eu-west-1b', defaultRoute: 'nat-0a' },
      { id: 'subnet-0c11bb22', cidr: '10.0.3.0/24', zone: 'eu-west-1a', defaultRoute: 'igw-0a' },
    ],
    securityGroups: [{ id: 'sg-0a11bb22' }],
  };
  account.putNetwork(network, REGION);
}

function textOf(set: ResourceRecordSet): string {
  return `${set.Name} ${set.Type} ${set.SetIdentifier ?? ''}${valuesOf(set)}`;
}

function valuesOf({ ResourceRecords, AliasTarget }: ResourceRecordSet): string {
  if (AliasTarget) return `alias ${AliasTarget.DNSName}`;
  return (ResourceRecords ?? []).map(({ Value }) => Value).join(' ');
}

/** What the test itself asks of the logs is not counted. */
function spentBetween(before: Spent, after: Spent): Spent {
  const services = Object.entries(after).map(([service, { reads, writes }]) => {
    const { reads: oldReads = 0, writes: oldWrites = 0 } = before[service] ?? {};
    return [service, { reads: reads - oldReads, writes: writes - oldWrites }] as const;
  });
  return Object.fromEntries(services.filter(([, { reads, writes }]) => reads + writes > 0));
}
