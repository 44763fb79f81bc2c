import type {
  GetAccountLimitRequest,
  GetAccountLimitResponse,
  GetHostedZoneLimitRequest,
  GetHostedZoneLimitResponse,
} from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { constraintViolation } from './errors.ts';
import { ownZone, recordSets, zones } from './model.ts';
import { quotasOf } from '../quotas.ts';

/** Developer Guide, "Quotas". */
export const MAX_VPCS_PER_ZONE = 300;
/** What the embedded account has none of: health checks, delegation sets, traffic policies and their instances. */
const OTHER_ACCOUNT_LIMITS: Readonly<Record<string, number>> = {
  MAX_HEALTH_CHECKS_BY_OWNER: 200,
  MAX_REUSABLE_DELEGATION_SETS_BY_OWNER: 100,
  MAX_TRAFFIC_POLICIES_BY_OWNER: 50,
  MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER: 5,
};

export function countZones({ data, caller }: CallContext): number {
  return [...data.entries(zones)].filter(([, zone]) => zone.account === caller.account).length;
}

export function getHostedZoneLimit(input: GetHostedZoneLimitRequest, context: CallContext): GetHostedZoneLimitResponse {
  const zone = ownZone(input.HostedZoneId, context);
  if (input.Type === 'MAX_RRSETS_BY_ZONE') {
    const limit = quotasOf(context.data, zone.account).recordSetsPerZone;
    return { Limit: { Type: input.Type, Value: limit }, Count: context.data.size(recordSets(zone.id)) };
  }
  if (input.Type !== 'MAX_VPCS_ASSOCIATED_BY_ZONE') {
    throw constraintViolation('type', input.Type, 'Member must be MAX_RRSETS_BY_ZONE or MAX_VPCS_ASSOCIATED_BY_ZONE');
  }
  if (zone.vpcs === undefined) {
    throw serviceError('HostedZoneNotPrivate', `Hosted zone ${zone.id} is not a private hosted zone.`);
  }
  return { Limit: { Type: input.Type, Value: MAX_VPCS_PER_ZONE }, Count: zone.vpcs.length };
}

export function getAccountLimit(input: GetAccountLimitRequest, context: CallContext): GetAccountLimitResponse {
  if (input.Type === 'MAX_HOSTED_ZONES_BY_OWNER') {
    const limit = quotasOf(context.data, context.caller.account).hostedZones;
    return { Limit: { Type: input.Type, Value: limit }, Count: countZones(context) };
  }
  const value = OTHER_ACCOUNT_LIMITS[input.Type ?? ''];
  if (value === undefined) throw constraintViolation('type', input.Type, 'Member must be a type of account limit');
  return { Limit: { Type: input.Type, Value: value }, Count: 0 };
}
