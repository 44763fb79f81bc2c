import type { Aws } from '../aws/clients.ts';
import { describeError } from '../aws/errors.ts';
import type { Action, Address, Finding, Late, Place, Plan, Value } from '../engine/types.ts';
import { HOSTED_ZONE } from './aws-route53-hosted-zone.ts';
import type { HostedZoneVpc } from './hosted-zone-vpcs.ts';
import { readNetwork } from './network.ts';

/** VPCs of one place that zones of one document are to be associated with. */
interface Asked {
  readonly document: Address;
  readonly place: Place;
  readonly vpcs: readonly string[];
}

/**
 * VPCs that private zones are to be associated with and that are not there: Route 53 refuses those. What was said of them
 * already, as the network of a function, is not said again.
 */
export async function zoneVpcFindings(aws: Aws, { actions, documents }: Plan): Promise<readonly Finding[]> {
  const said = new Set(documents.flatMap(({ findings }) => findings.map(({ message }) => message)));
  const found = await Promise.all(askedOf(actions).map((asked) => look(aws, asked)));
  return found.flat().filter(({ message }) => !said.has(message));
}

function askedOf(actions: readonly Action[]): readonly Asked[] {
  const byPlace = new Map<string, Asked>();
  for (const { type, document, account, changes } of actions) {
    const change = type === HOSTED_ZONE ? changes.find(({ path }) => path === 'VPCs') : undefined;
    const before = vpcsOf(change?.before);
    for (const { VPCId, VPCRegion, VPCAccount = account } of vpcsOf(change?.after)) {
      if (before.some((vpc) => vpc.VPCId === VPCId)) continue;
      const key = `${document} ${VPCAccount}/${VPCRegion}`;
      const vpcs = [...(byPlace.get(key)?.vpcs ?? []), VPCId];
      byPlace.set(key, { document, place: { account: VPCAccount, region: VPCRegion }, vpcs });
    }
  }
  return [...byPlace.values()];
}

function vpcsOf(value: Value | Late<Value> | undefined): readonly HostedZoneVpc[] {
  return Array.isArray(value) ? (value as readonly HostedZoneVpc[]) : [];
}

async function look(aws: Aws, { document, place, vpcs }: Asked): Promise<readonly Finding[]> {
  try {
    const seen = await readNetwork(aws, place, { subnets: [], securityGroups: [], vpcs });
    if (seen.state === 'unknown') return [notChecked(document, vpcs, seen.detail)];
    return seen.missing.vpcs.map((id) => ({
      document,
      code: 'no-such-vpc',
      severity: 'warning',
      message: `VPC ${id} does not exist in this account and region`,
      hint: `correct the id, or its account and region: ${place.account} ${place.region}`,
    }));
  } catch (error) {
    // An account that cannot be entered from here: the plan is none the worse for it.
    return [notChecked(document, vpcs, describeError(error))];
  }
}

function notChecked(document: Address, vpcs: readonly string[], why: string): Finding {
  return {
    document,
    code: 'vpc-not-checked',
    severity: 'info',
    message: `whether ${vpcs.join(', ')} exists was not checked: ${why}`,
    hint: 'allow ec2:DescribeVpcAttribute to the plan role',
  };
}
