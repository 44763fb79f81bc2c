import type {
  AssociateVPCWithHostedZoneRequest,
  AssociateVPCWithHostedZoneResponse,
  CreateVPCAssociationAuthorizationRequest,
  CreateVPCAssociationAuthorizationResponse,
  DeleteVPCAssociationAuthorizationRequest,
  DisassociateVPCFromHostedZoneRequest,
  DisassociateVPCFromHostedZoneResponse,
  ListVPCAssociationAuthorizationsRequest,
  ListVPCAssociationAuthorizationsResponse,
  VPC,
} from '@aws-sdk/client-route-53';
import { vpcOwner } from '../ec2/owner.ts';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { submitChange } from './change-info.ts';
import { accessDenied, invalidInput, invalidPaginationToken, limitsExceeded } from './errors.ts';
import { anyZone, ownZone, shownVpc, zones } from './model.ts';
import type { AssociatedVpc, StoredZone } from './model.ts';
import { MAX_VPCS_PER_ZONE } from './limits.ts';

type VpcId = Omit<AssociatedVpc, 'account'>;

const VPC_ID = /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** Developer Guide, "Quotas": authorizations of one hosted zone. */
const MAX_AUTHORIZATIONS = 1000;
/** ListVPCAssociationAuthorizations, MaxResults: 50 VPCs per page. */
const AUTHORIZATIONS_PAGE = 50;

/** @throws InvalidInput, InvalidVPCId */
export function checkVpc(vpc: VPC | undefined): VpcId {
  const { VPCId: id, VPCRegion: region } = vpc ?? {};
  if (id === undefined || region === undefined) throw invalidInput('VPCId and VPCRegion are both required.');
  if (!VPC_ID.test(id)) throw serviceError('InvalidVPCId', `The VPC: ${id} in region ${region} is not valid.`);
  return { id, region };
}

/** @throws ConflictingDomainExists when the VPC already resolves a zone of this name. */
export function refuseSameName(name: string, vpc: VpcId, { data }: CallContext): void {
  for (const [, zone] of data.entries(zones)) {
    if (zone.name !== name || !isAssociated(zone, vpc)) continue;
    throw serviceError(
      'ConflictingDomainExists',
      `The VPC ${vpc.id} in region ${vpc.region} has already been associated with the hosted zone ${zone.id} with the same domain name.`,
    );
  }
}

export function isAssociated(zone: StoredZone, vpc: VpcId): boolean {
  return (zone.vpcs ?? []).some((known) => sameVpc(known, vpc));
}

function sameVpc(left: VpcId, right: VpcId): boolean {
  return left.id === right.id && left.region === right.region;
}

/** Whose VPC it is: as EC2 knows, and of one that EC2 does not know, the account that first associated it. */
function vpcAccount(vpc: VpcId, { data }: CallContext): string | undefined {
  const owner = vpcOwner(vpc, data);
  if (owner !== undefined) return owner;
  for (const [, zone] of data.entries(zones)) {
    const known = zone.vpcs?.find((candidate) => sameVpc(candidate, vpc));
    if (known !== undefined) return known.account;
  }
  return undefined;
}

/** @throws InvalidVPCId: "the current account is not authorized to access this VPC" */
export function refuseOthers(vpc: VpcId, context: CallContext): void {
  const owner = vpcAccount(vpc, context);
  if (owner === undefined || owner === context.caller.account) return;
  throw serviceError('InvalidVPCId', `The VPC: ${vpc.id} in region ${vpc.region} is not yours.`);
}

export function associateVpc(
  input: AssociateVPCWithHostedZoneRequest,
  context: CallContext,
): AssociateVPCWithHostedZoneResponse {
  const { caller } = context;
  const zone = anyZone(input.HostedZoneId, context);
  const vpc = checkVpc(input.VPC);
  const authorized = zone.authorized.some((known) => sameVpc(known, vpc));
  if (zone.account !== caller.account && !authorized) {
    throw serviceError(
      'NotAuthorizedException',
      `The VPC: ${vpc.id} has not authorized to associate with your hosted zone.`,
      { status: 401 },
    );
  }
  refuseOthers(vpc, context);
  if (zone.vpcs === undefined) {
    throw serviceError('PublicZoneVPCAssociation', `The hosted zone ${zone.id} is public: no VPC can be associated.`);
  }
  refuseSameName(zone.name, vpc, context);
  if (zone.vpcs.length >= MAX_VPCS_PER_ZONE) {
    throw limitsExceeded(`Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - ${MAX_VPCS_PER_ZONE}`);
  }
  const vpcs = [...zone.vpcs, { ...vpc, account: caller.account }];
  context.data.put(zones, zone.id, { ...zone, vpcs });
  return { ChangeInfo: submitChange(input.Comment, context) };
}

/** Allowed to the account of the zone and to the account of the VPC. */
export function disassociateVpc(
  input: DisassociateVPCFromHostedZoneRequest,
  context: CallContext,
): DisassociateVPCFromHostedZoneResponse {
  const zone = anyZone(input.HostedZoneId, context);
  const vpc = checkVpc(input.VPC);
  const known = zone.vpcs?.find((candidate) => sameVpc(candidate, vpc));
  if (![zone.account, known?.account].includes(context.caller.account)) throw accessDenied(context.caller.arn);
  if (zone.vpcs === undefined || known === undefined) {
    const message = `The VPC: ${vpc.id} and hosted zone: ${zone.id} are not associated.`;
    throw serviceError('VPCAssociationNotFound', message, { status: 404 });
  }
  if (zone.vpcs.length === 1) {
    throw serviceError('LastVPCAssociation', `Cannot remove last VPC association for the private zone ${zone.id}`);
  }
  context.data.put(zones, zone.id, { ...zone, vpcs: zone.vpcs.filter((candidate) => candidate !== known) });
  return { ChangeInfo: submitChange(input.Comment, context) };
}

export function createAuthorization(
  input: CreateVPCAssociationAuthorizationRequest,
  context: CallContext,
): CreateVPCAssociationAuthorizationResponse {
  const zone = ownZone(input.HostedZoneId, context);
  const vpc = checkVpc(input.VPC);
  if (zone.vpcs === undefined) throw invalidInput(`The hosted zone ${zone.id} is public: no VPC can be authorized.`);
  if (!zone.authorized.some((known) => sameVpc(known, vpc))) {
    if (zone.authorized.length >= MAX_AUTHORIZATIONS) {
      const message = `The hosted zone ${zone.id} has ${MAX_AUTHORIZATIONS} authorizations, as many as it can.`;
      throw serviceError('TooManyVPCAssociationAuthorizations', message);
    }
    context.data.put(zones, zone.id, { ...zone, authorized: [...zone.authorized, vpc] });
  }
  return { HostedZoneId: zone.id, VPC: shownVpc(vpc) };
}

export function deleteAuthorization(input: DeleteVPCAssociationAuthorizationRequest, context: CallContext): object {
  const zone = ownZone(input.HostedZoneId, context);
  const vpc = checkVpc(input.VPC);
  const authorized = zone.authorized.filter((known) => !sameVpc(known, vpc));
  if (authorized.length === zone.authorized.length) {
    const message = `The VPC: ${vpc.id} is not authorized to be associated with hosted zone: ${zone.id}`;
    throw serviceError('VPCAssociationAuthorizationNotFound', message, { status: 404 });
  }
  context.data.put(zones, zone.id, { ...zone, authorized });
  return {};
}

export function listAuthorizations(
  input: ListVPCAssociationAuthorizationsRequest,
  context: CallContext,
): ListVPCAssociationAuthorizationsResponse {
  const zone = ownZone(input.HostedZoneId, context);
  const from = Number(input.NextToken ?? '0');
  if (!Number.isSafeInteger(from) || from < 0 || from > zone.authorized.length) throw invalidPaginationToken();
  const to = from + Math.min(input.MaxResults ?? AUTHORIZATIONS_PAGE, AUTHORIZATIONS_PAGE);
  return {
    HostedZoneId: zone.id,
    VPCs: zone.authorized.slice(from, to).map(shownVpc),
    ...(to < zone.authorized.length ? { NextToken: String(to) } : {}),
  };
}
