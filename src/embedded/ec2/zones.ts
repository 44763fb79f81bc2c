import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
} from '@aws-sdk/client-ec2';
import type { CallContext } from '../service.ts';
import { invalidParameter } from './errors.ts';
import { openFilters } from './filters.ts';
import type { FilterFields } from './filters.ts';

/** Regions with other than three zones that an account of today sees (EC2 User Guide, "Availability Zones"). */
const LETTERS: Readonly<Record<string, string>> = {
  'us-east-1': 'abcdef',
  'us-west-2': 'abcd',
  'ap-northeast-2': 'abcd',
};
const REGION = /^([a-z]{2})-(?:(gov|iso[a-z]?)-)?([a-z]+)-(\d)$/;
const DIRECTIONS: Readonly<Record<string, string>> = {
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

const FILTERS: FilterFields<AvailabilityZone> = {
  'group-name': ({ GroupName }) => GroupName,
  'opt-in-status': ({ OptInStatus }) => OptInStatus,
  'region-name': ({ RegionName }) => RegionName,
  state: ({ State }) => State,
  'zone-id': ({ ZoneId }) => ZoneId,
  'zone-name': ({ ZoneName }) => ZoneName,
  'zone-type': ({ ZoneType }) => ZoneType,
};

/** The zones of a region; ids follow names, which on AWS differs from account to account. */
export function zonesOf(region: string): readonly AvailabilityZone[] {
  return Array.from(LETTERS[region] ?? 'abc', (letter, index) => ({
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    OptInStatus: 'opt-in-not-required',
    RegionName: region,
    State: 'available',
    ZoneId: `${shortRegion(region)}-az${index + 1}`,
    ZoneName: `${region}${letter}`,
    ZoneType: 'availability-zone',
  }));
}

export function zoneId(zone: string, region: string): string | undefined {
  return zonesOf(region).find(({ ZoneName }) => ZoneName === zone)?.ZoneId;
}

/** `eu-west-1` as zone ids begin: `euw1`. */
function shortRegion(region: string): string {
  const [, area = region, partition = '', direction = '', number = ''] = REGION.exec(region) ?? [];
  return `${area}${partition.slice(0, 1)}${DIRECTIONS[direction] ?? direction.slice(0, 1)}${number}`;
}

export function describeZones(
  input: DescribeAvailabilityZonesRequest,
  { region }: CallContext,
): DescribeAvailabilityZonesResult {
  const zones = zonesOf(region);
  const names = input.ZoneNames ?? [];
  const ids = input.ZoneIds ?? [];
  const known = zones.flatMap(({ ZoneName = '', ZoneId = '' }) => [ZoneName, ZoneId]);
  const unknown = [...names, ...ids].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw invalidParameter(`Invalid availability zone: [${unknown.join(', ')}]`);
  const matches = openFilters(input.Filters, FILTERS);
  return {
    AvailabilityZones: zones
      .filter(({ ZoneName = '' }) => names.length === 0 || names.includes(ZoneName))
      .filter(({ ZoneId = '' }) => ids.length === 0 || ids.includes(ZoneId))
      .filter(matches),
  };
}
