import type {
  ListHostedZonesByNameRequest,
  ListHostedZonesByNameResponse,
  ListHostedZonesByVPCRequest,
  ListHostedZonesByVPCResponse,
  ListHostedZonesRequest,
  ListHostedZonesResponse,
} from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { invalidInput, invalidPaginationToken } from './errors.ts';
import { zones } from './model.ts';
import type { StoredZone } from './model.ts';
import { canonicalName, reversedName } from './name.ts';
import { checkVpc, isAssociated } from './vpcs.ts';
import { shownZone } from './zones.ts';

/** ListHostedZones, ListHostedZonesByName, ListHostedZonesByVPC: 100 items a page. */
const ZONES_PAGE = 100;

/** In the order of ids; the marker is the id of the first zone of the page. */
export function listHostedZones(input: ListHostedZonesRequest, context: CallContext): ListHostedZonesResponse {
  if (input.DelegationSetId !== undefined) {
    throw serviceError('NoSuchDelegationSet', `No delegation set found with ID: ${input.DelegationSetId}`);
  }
  const own = ownZones(context).filter(
    (zone) => input.HostedZoneType !== 'PrivateHostedZone' || zone.vpcs !== undefined,
  );
  const from = own.findIndex((zone) => zone.id >= (input.Marker ?? ''));
  const rest = from < 0 ? [] : own.slice(from);
  const maxItems = pageSize(input.MaxItems);
  const next = rest[maxItems];
  return {
    HostedZones: rest.slice(0, maxItems).map((zone) => shownZone(zone, context)),
    Marker: input.Marker ?? '',
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next.id }),
    MaxItems: maxItems,
  };
}

/** In the order of reversed names, then ids. */
export function listHostedZonesByName(
  input: ListHostedZonesByNameRequest,
  context: CallContext,
): ListHostedZonesByNameResponse {
  if (input.HostedZoneId !== undefined && input.DNSName === undefined) {
    throw invalidInput('Specify dnsname when you specify hostedzoneid.');
  }
  const start = input.DNSName === undefined ? '' : zoneSortKey(startName(input.DNSName), input.HostedZoneId ?? '');
  const own = ownZones(context)
    .map((zone) => ({ zone, key: zoneSortKey(zone.name, zone.id) }))
    .filter(({ key }) => key >= start)
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const maxItems = pageSize(input.MaxItems);
  const next = own[maxItems]?.zone;
  return {
    HostedZones: own.slice(0, maxItems).map(({ zone }) => shownZone(zone, context)),
    ...(input.DNSName === undefined ? {} : { DNSName: input.DNSName }),
    ...(input.HostedZoneId === undefined ? {} : { HostedZoneId: input.HostedZoneId }),
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextDNSName: next.name, NextHostedZoneId: next.id }),
    MaxItems: maxItems,
  };
}

export function listHostedZonesByVpc(
  input: ListHostedZonesByVPCRequest,
  context: CallContext,
): ListHostedZonesByVPCResponse {
  const vpc = checkVpc({ VPCId: input.VPCId, VPCRegion: input.VPCRegion });
  const associated = [...context.data.entries(zones)].map(([, zone]) => zone).filter((zone) => isAssociated(zone, vpc));
  const from = input.NextToken === undefined ? 0 : associated.findIndex((zone) => zone.id === input.NextToken);
  if (from < 0) throw invalidPaginationToken();
  const maxItems = pageSize(input.MaxItems);
  const next = associated[from + maxItems];
  return {
    HostedZoneSummaries: associated.slice(from, from + maxItems).map((zone) => ({
      HostedZoneId: zone.id,
      Name: zone.name,
      Owner: { OwningAccount: zone.account },
    })),
    MaxItems: maxItems,
    ...(next === undefined ? {} : { NextToken: next.id }),
  };
}

function ownZones({ data, caller }: CallContext): readonly StoredZone[] {
  return [...data.entries(zones)].map(([, zone]) => zone).filter((zone) => zone.account === caller.account);
}

function zoneSortKey(name: string, id: string): string {
  return `${reversedName(name)} ${id.replace(/^\/hostedzone\//, '')}`;
}

function startName(text: string): string {
  const parsed = canonicalName(text);
  if ('name' in parsed) return parsed.name;
  throw serviceError('InvalidDomainName', `The domain name '${text}' is not valid: ${parsed.explanation}`);
}

/** @throws InvalidInput for less than one item. */
function pageSize(wanted: number | undefined): number {
  if (wanted !== undefined && wanted < 1) throw invalidInput('The value of maxitems must be at least 1.');
  return Math.min(wanted ?? ZONES_PAGE, ZONES_PAGE);
}
