import {
  GetHostedZoneCommand,
  GetHostedZoneLimitCommand,
  ListResourceRecordSetsCommand,
  paginateListResourceRecordSetProtections,
} from '@aws-sdk/client-route-53';
import type {
  ListResourceRecordSetsRequest,
  ResourceRecordSet,
  ResourceRecordSetProtection,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { parseName } from '../../dns/name.ts';
import { readSoa } from '../../dns/rdata.ts';
import { fromRoute53 } from '../../dns/route53.ts';
import { RR } from '../../dns/rr-types.ts';
import type { RRset, Soa } from '../../dns/types.ts';

/** ListResourceRecordSets, MaxItems (Route 53 API reference). */
const SETS_PER_PAGE = 300;

/** Every record set of a zone, in Route 53's order: ⌈n/300⌉ calls. The SDK has no paginator for it. */
export async function listRecordSets(client: Route53Client, zoneId: string): Promise<readonly ResourceRecordSet[]> {
  const sets: ResourceRecordSet[] = [];
  let start: Partial<ListResourceRecordSetsRequest> | undefined = {};
  while (start) {
    const page: Awaited<ReturnType<typeof send>> = await send(start);
    sets.push(...(page.ResourceRecordSets ?? []));
    start = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined;
  }
  return sets;

  function send(from: Partial<ListResourceRecordSetsRequest>) {
    return client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: SETS_PER_PAGE, ...from }));
  }
}

export interface ApexSoa {
  readonly set: RRset;
  readonly soa: Soa;
}

export function apexSoaOf(sets: readonly ResourceRecordSet[]): ApexSoa | undefined {
  const listed = sets.find(({ Type }) => Type === 'SOA');
  const set = listed && fromRoute53(listed);
  const rdata = set?.rdata[0];
  return set && rdata !== undefined && set.type === RR.SOA ? { set, soa: readSoa(rdata) } : undefined;
}

/** The apex SOA alone: one call. */
export async function readApexSoa(client: Route53Client, zoneId: string, domain: string): Promise<ApexSoa | undefined> {
  const { ResourceRecordSets = [] } = await client.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: domain,
      StartRecordType: 'SOA',
      MaxItems: 1,
    }),
  );
  return apexSoaOf(ResourceRecordSets);
}

/** Name+type pairs that Route 53 protects: a change of one makes it refuse the whole batch. */
export async function listProtections(
  client: Route53Client,
  zoneId: string,
): Promise<readonly ResourceRecordSetProtection[]> {
  const protections: ResourceRecordSetProtection[] = [];
  for await (const page of paginateListResourceRecordSetProtections({ client }, { HostedZoneId: zoneId })) {
    protections.push(...(page.ResourceRecordSetProtections ?? []));
  }
  return protections;
}

export async function zoneNameOf(client: Route53Client, zoneId: string): Promise<string> {
  const { HostedZone } = await client.send(new GetHostedZoneCommand({ Id: zoneId }));
  return parseName((HostedZone?.Name ?? '.').toLowerCase(), 'octal');
}

/** How many record sets the zone may hold, and holds. */
export async function readQuota(
  client: Route53Client,
  zoneId: string,
): Promise<{ readonly limit: number; readonly count: number }> {
  const { Limit, Count } = await client.send(
    new GetHostedZoneLimitCommand({ HostedZoneId: zoneId, Type: 'MAX_RRSETS_BY_ZONE' }),
  );
  return { limit: Limit?.Value ?? Number.POSITIVE_INFINITY, count: Count ?? 0 };
}
