import type { EmbeddedAccount, NetworkIds } from '../embedded/index.ts';
import type { Project } from '../operations/project.ts';

interface Vpc {
  readonly id: string;
  readonly account?: string;
  readonly region?: string;
}

interface Networked {
  readonly account?: string;
  readonly region?: string;
  readonly network?: NetworkIds;
  readonly hostedZone?: { readonly vpcs?: readonly Vpc[] };
}

/**
 * Somebody's own configuration names VPCs, subnets and security groups that the embedded account cannot know. They are
 * made up there, each document's with the VPC of its private zone, so that a first try is not refused for them.
 */
export function makeUpNetworks(project: Project, account: EmbeddedAccount, note: (text: string) => void): void {
  for (const { spec } of project.documents) {
    const { account: accountName, region, network, hostedZone } = spec as Networked;
    if (!network && !hostedZone?.vpcs) continue;
    const place = project.estate.place(accountName, region);
    const isHere = (vpc: Vpc): boolean =>
      (vpc.region ?? place.region) === place.region &&
      project.estate.place(vpc.account ?? accountName).account === place.account;
    const vpcs = (hostedZone?.vpcs ?? []).filter(isHere).map(({ id }) => id);
    const made = account.inventNetwork({ ...network, vpcs }, place);
    if (made.length > 0) note(`The embedded account has no ${made.join(', ')} in ${place.region}: made up.`);
  }
}
