import type { IpPermission } from '@aws-sdk/client-ec2';
import type { EgressRule } from './network-view.ts';

/** Permissions taken apart: one rule for each peer. */
export function egressOf(permissions: readonly IpPermission[]): readonly EgressRule[] {
  return permissions.flatMap((permission) => {
    const traffic = {
      protocol: permission.IpProtocol ?? '-1',
      ...portsOf(permission),
    };
    return [
      ...(permission.IpRanges ?? []).map(({ CidrIp: cidr }) => ({ ...traffic, ...named('cidr', cidr) })),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6: cidr }) => ({ ...traffic, ...named('cidr', cidr) })),
      ...(permission.PrefixListIds ?? []).map((list) => ({ ...traffic, ...named('list', list.PrefixListId) })),
      ...(permission.UserIdGroupPairs ?? []).map(({ GroupId: id }) => ({ ...traffic, ...named('list', id) })),
    ];
  });
}

/** `-1` stands for every port of protocols that have none. */
function portsOf({ FromPort: from = -1, ToPort: to = -1 }: IpPermission): Pick<EgressRule, 'from' | 'to'> {
  return from === -1 ? {} : { from, to };
}

function named(field: 'cidr' | 'list', value: string | undefined): Pick<EgressRule, 'cidr' | 'list'> {
  return value === undefined ? {} : { [field]: value };
}
