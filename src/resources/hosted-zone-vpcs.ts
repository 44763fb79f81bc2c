import {
  AssociateVPCWithHostedZoneCommand,
  CreateVPCAssociationAuthorizationCommand,
  DeleteVPCAssociationAuthorizationCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
} from '@aws-sdk/client-route-53';
import type { Route53Client, VPC } from '@aws-sdk/client-route-53';
import { isAwsError } from '../aws/errors.ts';

export interface HostedZoneVpc {
  readonly VPCId: string;
  readonly VPCRegion: string;
  /** Twelve digits; the account that owns the VPC where it is not the zone's. */
  readonly VPCAccount?: string;
}

/** Which zone, and who may change it. */
interface ZoneOfVpcs {
  readonly id: string;
  readonly account: string;
  readonly clientFor: (account: string) => Promise<Route53Client>;
}

/** Zones that we made hold exactly the declared VPCs; in adopted ones the others stay and are not looked at. */
export function observedVpcs(
  wanted: readonly HostedZoneVpc[],
  isOurs: boolean,
  found: readonly { readonly VPCId?: string | undefined; readonly VPCRegion?: string | undefined }[],
): readonly HostedZoneVpc[] {
  const declared = new Map(wanted.map((vpc) => [vpc.VPCId, vpc]));
  return found
    .map(({ VPCId = '', VPCRegion = '' }) => declared.get(VPCId) ?? { VPCId, VPCRegion })
    .filter(({ VPCId }) => isOurs || declared.has(VPCId))
    .sort((a, b) => (a.VPCId < b.VPCId ? -1 : 1));
}

/** Associates what is missing, then takes off what is not wanted: a private zone keeps at least one all the time. */
export async function alignVpcs(
  zone: ZoneOfVpcs,
  wanted: readonly HostedZoneVpc[],
  there: readonly HostedZoneVpc[],
): Promise<void> {
  for (const vpc of wanted.filter((one) => !isIn(there, one))) await associate(zone, vpc);
  const client = await zone.clientFor(zone.account);
  for (const vpc of there.filter((one) => !isIn(wanted, one))) {
    const command = new DisassociateVPCFromHostedZoneCommand({ HostedZoneId: zone.id, VPC: requestVpc(vpc) });
    await client.send(command).catch((error: unknown) => {
      // What was seen is late: it is off already.
      if (!isAwsError(error, 'VPCAssociationNotFound')) throw error;
    });
  }
}

async function associate({ id, account, clientFor }: ZoneOfVpcs, vpc: HostedZoneVpc): Promise<void> {
  const owner = vpc.VPCAccount ?? account;
  const request = { HostedZoneId: id, VPC: requestVpc(vpc) };
  const put = async (): Promise<void> => {
    const command = new AssociateVPCWithHostedZoneCommand(request);
    await (await clientFor(owner)).send(command).catch(async (error: unknown) => {
      // The reply to an earlier try was lost: the zone that is in the way is this one.
      if (!isAwsError(error, 'ConflictingDomainExists') || !(await isAssociated())) throw error;
    });
  };
  const isAssociated = async (): Promise<boolean> => {
    const { VPCs = [] } = await (await clientFor(account)).send(new GetHostedZoneCommand({ Id: id }));
    return VPCs.some(({ VPCId }) => VPCId === vpc.VPCId);
  };
  if (owner === account) return put();
  // Another account's VPC: the zone's owner allows it, the VPC's owner does it, then the permission goes.
  const home = await clientFor(account);
  await home.send(new CreateVPCAssociationAuthorizationCommand(request));
  await put();
  await home.send(new DeleteVPCAssociationAuthorizationCommand(request));
}

/** A VPC as requests name it. */
export function requestVpc({ VPCId, VPCRegion }: HostedZoneVpc): VPC {
  return { VPCId, VPCRegion: VPCRegion as NonNullable<VPC['VPCRegion']> };
}

function isIn(list: readonly HostedZoneVpc[], vpc: HostedZoneVpc): boolean {
  return list.some(({ VPCId }) => VPCId === vpc.VPCId);
}
