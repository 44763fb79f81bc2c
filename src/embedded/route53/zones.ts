import type {
  CreateHostedZoneRequest,
  CreateHostedZoneResponse,
  DeleteHostedZoneRequest,
  DeleteHostedZoneResponse,
  GetHostedZoneCountRequest,
  GetHostedZoneCountResponse,
  GetHostedZoneRequest,
  GetHostedZoneResponse,
  HostedZone,
  UpdateHostedZoneCommentRequest,
  UpdateHostedZoneCommentResponse,
} from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { submitChange } from './change-info.ts';
import { constraintViolation, invalidInput } from './errors.ts';
import { callerReferences, newId, ownZone, protections, recordSets, setKey, shownVpc, zones } from './model.ts';
import type { StoredZone } from './model.ts';
import { canonicalName } from './name.ts';
import { delegate, PRIVATE_NAME_SERVERS } from './name-servers.ts';
import { countZones } from './limits.ts';
import { quotasOf } from '../quotas.ts';
import { checkVpc, refuseOthers, refuseSameName } from './vpcs.ts';

/** Developer Guide, "NS and SOA records that Route 53 creates". */
const NS_TTL = 172_800;
const SOA_TTL = 900;
const SOA_TIMERS = '1 7200 900 1209600 86400';
/** API model: CallerReference (Nonce) 1 to 128, comment up to 256 characters. */
const MAX_REFERENCE = 128;
const MAX_COMMENT = 256;
/** The zone's own NS and SOA. */
const DEFAULT_SETS = 2;

export function createHostedZone(input: CreateHostedZoneRequest, context: CallContext): CreateHostedZoneResponse {
  const { data, caller } = context;
  const name = zoneName(input.Name ?? '');
  const reference = input.CallerReference ?? '';
  if (reference === '' || reference.length > MAX_REFERENCE) {
    throw constraintViolation('callerReference', reference, `Member must have length 1 to ${MAX_REFERENCE}`);
  }
  const comment = checkComment(input.HostedZoneConfig?.Comment);
  if (input.DelegationSetId !== undefined) {
    throw serviceError('NoSuchDelegationSet', `No delegation set found with ID: ${input.DelegationSetId}`);
  }
  if (input.HostedZoneConfig?.PrivateZone === true && input.VPC === undefined) {
    throw invalidInput(
      "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also specify values for VPCId and VPCRegion.",
    );
  }
  const vpc = input.VPC === undefined ? undefined : { ...checkVpc(input.VPC), account: caller.account };
  if (vpc === undefined && name.split('.').length <= 2) {
    throw serviceError(
      'InvalidDomainName',
      `${name} is a top-level domain: a public hosted zone cannot be created for it.`,
    );
  }
  const referenceKey = `${caller.account} ${reference}`;
  if (data.get(callerReferences, referenceKey) !== undefined) {
    const message = `A hosted zone has already been created with the specified caller reference: ${reference}`;
    throw serviceError('HostedZoneAlreadyExists', message, { status: 409 });
  }
  if (vpc !== undefined) {
    refuseOthers(vpc, context);
    refuseSameName(name, vpc, context);
  }
  if (countZones(context) >= quotasOf(data, caller.account).hostedZones) {
    throw serviceError('TooManyHostedZones', `Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more zones.`);
  }
  const id = newId('Z', context);
  const zone: StoredZone = {
    id,
    account: caller.account,
    name,
    callerReference: reference,
    ...(comment === undefined ? {} : { comment }),
    ...(vpc === undefined ? {} : { vpcs: [vpc] }),
    authorized: [],
    nameServers: vpc === undefined ? delegate(id) : PRIVATE_NAME_SERVERS,
    tags: {},
  };
  data.put(zones, id, zone);
  data.put(callerReferences, referenceKey, id);
  putDefaultSets(zone, context);
  return {
    HostedZone: { ...shownZone(zone, context), ResourceRecordSetCount: DEFAULT_SETS },
    ChangeInfo: submitChange(undefined, context),
    DelegationSet: { NameServers: [...zone.nameServers] },
    ...(vpc === undefined ? {} : { VPC: shownVpc(vpc) }),
    Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${id}`,
  };
}

function putDefaultSets({ id, name, nameServers }: StoredZone, { data }: CallContext): void {
  const servers = nameServers.map((server) => `${server}.`);
  data.put(recordSets(id), setKey(name, 'NS'), {
    Name: name,
    Type: 'NS',
    TTL: NS_TTL,
    ResourceRecords: servers.map((server) => ({ Value: server })),
  });
  data.put(recordSets(id), setKey(name, 'SOA'), {
    Name: name,
    Type: 'SOA',
    TTL: SOA_TTL,
    ResourceRecords: [{ Value: `${servers[0]} awsdns-hostmaster.amazon.com. ${SOA_TIMERS}` }],
  });
}

function zoneName(text: string): string {
  const parsed = canonicalName(text);
  if ('name' in parsed && parsed.name !== '.') return parsed.name;
  const why = 'name' in parsed ? 'the root zone' : parsed.explanation;
  throw serviceError('InvalidDomainName', `The domain name '${text}' is not valid: ${why}`);
}

function checkComment(comment: string | undefined): string | undefined {
  if (comment === undefined || comment === '') return undefined;
  if (comment.length <= MAX_COMMENT) return comment;
  throw constraintViolation('comment', comment, `Member must have length less than or equal to ${MAX_COMMENT}`);
}

/** A zone as Get and List show it. */
export function shownZone(zone: StoredZone, { data }: CallContext): HostedZone {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: {
      ...(zone.comment === undefined ? {} : { Comment: zone.comment }),
      PrivateZone: zone.vpcs !== undefined,
    },
    ResourceRecordSetCount: data.size(recordSets(zone.id)),
  };
}

export function getHostedZone(input: GetHostedZoneRequest, context: CallContext): GetHostedZoneResponse {
  const zone = ownZone(input.Id, context);
  const HostedZone = shownZone(zone, context);
  if (zone.vpcs !== undefined) return { HostedZone, VPCs: zone.vpcs.map(shownVpc) };
  return { HostedZone, DelegationSet: { NameServers: [...zone.nameServers] } };
}

export function getHostedZoneCount(
  _input: GetHostedZoneCountRequest,
  context: CallContext,
): GetHostedZoneCountResponse {
  return { HostedZoneCount: countZones(context) };
}

export function updateHostedZoneComment(
  input: UpdateHostedZoneCommentRequest,
  context: CallContext,
): UpdateHostedZoneCommentResponse {
  const { comment: _before, ...zone } = ownZone(input.Id, context);
  const comment = checkComment(input.Comment);
  const updated = { ...zone, ...(comment === undefined ? {} : { comment }) };
  context.data.put(zones, zone.id, updated);
  return { HostedZone: shownZone(updated, context) };
}

export function deleteHostedZone(input: DeleteHostedZoneRequest, context: CallContext): DeleteHostedZoneResponse {
  const { data } = context;
  const zone = ownZone(input.Id, context);
  if (data.size(recordSets(zone.id)) > DEFAULT_SETS) {
    const message = 'The specified hosted zone contains non-required resource record sets and so cannot be deleted.';
    throw serviceError('HostedZoneNotEmpty', message);
  }
  if (data.size(protections(zone.id)) > 0) {
    const message = 'The specified hosted zone contains resource record set protections and so cannot be deleted.';
    throw serviceError('HostedZoneNotEmpty', message);
  }
  for (const key of data.keys(recordSets(zone.id))) data.delete(recordSets(zone.id), key);
  data.delete(zones, zone.id);
  return { ChangeInfo: submitChange(undefined, context) };
}
