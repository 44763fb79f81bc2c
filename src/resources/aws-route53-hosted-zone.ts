import {
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import type { GetHostedZoneCommandOutput, Route53Client } from '@aws-sdk/client-route-53';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { formatName, parseName } from '../dns/name.ts';
import { hash } from '../engine/value.ts';
import type { Difference, Observation, Place, Present, Progress, ResourceType, Target } from '../engine/types.ts';
import { globalArn, nameInArn } from './arns.ts';
import { LAMBDA_FUNCTION } from './aws-lambda-function.ts';
import { createZoneFinder } from './hosted-zone-finder.ts';
import type { FoundZone } from './hosted-zone-finder.ts';
import { zonePermissions } from './hosted-zone-permissions.ts';
import { createZoneRemoval } from './hosted-zone-removal.ts';
import { alignVpcs, observedVpcs, requestVpc } from './hosted-zone-vpcs.ts';
import type { HostedZoneVpc } from './hosted-zone-vpcs.ts';
import {
  ADOPTED_TAG,
  APPLIED_TAG,
  OWNER_TAG,
  allOwnTags,
  isProtected,
  managedTags,
  markerOf,
  metadataDifferences,
  onRemoveOf,
  ownTags,
  staleOwnTags,
  tagList,
  tagsOf,
} from './marker.ts';
import type { Tag, Tags } from './marker.ts';
import { markersOf } from './names.ts';
import { route53Of } from './route53-client.ts';
import { propertyDifferences } from './tagged.ts';

/** CloudFormation's properties of AWS::Route53::HostedZone. */
export interface HostedZoneProperties {
  /** Absolute, with the trailing dot. */
  readonly Name: string;
  readonly HostedZoneConfig?: { readonly Comment: string };
  /** Empty: a public zone. Sorted by VPCId. */
  readonly VPCs: readonly HostedZoneVpc[];
  readonly HostedZoneTags?: readonly Tag[];
}

export interface HostedZoneAttributes {
  readonly Id: string;
  /** The first of its name servers; empty for a private zone, which none serves. */
  readonly NameServer: string;
  readonly Private: boolean;
}

export const HOSTED_ZONE = 'AWS::Route53::HostedZone';

const VISIBLE_AGAIN_MS = 2_000;
/** The apex NS and SOA: every zone has them. */
const SETS_OF_ITS_OWN = 2;

/** First half of the caller reference: the immutable witness of whose zone it is. */
function witnessOf(marker: string): string {
  return hash(marker).slice(0, 32);
}

/** Its marker under today's owner, then under those that the estate had: one of them may have made the zone. */
function markersFor(target: Pick<Target, 'owner' | 'address' | 'formerOwners'>): readonly string[] {
  return markersOf({ ...target, marker: markerOf(target) });
}

function sameName(a: string, b: string): boolean {
  return parseName(a.toLowerCase(), 'octal') === parseName(b.toLowerCase(), 'octal');
}

export function createHostedZoneType(aws: Aws): ResourceType<HostedZoneProperties, HostedZoneAttributes> {
  const finder = createZoneFinder(clientFor);
  const removal = createZoneRemoval();

  function clientFor(account: string): Promise<Route53Client> {
    return route53Of(aws, { account });
  }

  async function observe(
    target: Target<HostedZoneProperties>,
  ): Promise<Observation<HostedZoneProperties, HostedZoneAttributes>> {
    try {
      const found = await finder.find(target.place.account, {
        name: target.properties.Name,
        isPrivate: target.properties.VPCs.length > 0,
        witnesses: markersFor(target).map(witnessOf),
        markers: markersFor(target),
      });
      if (!found) return { state: 'absent' };
      const client = await clientFor(target.place.account);
      const { VPCs = [], DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: found.zone.id }));
      return present(target, found, VPCs, DelegationSet?.NameServers?.[0] ?? '');
    } catch (error) {
      return unknownFrom(error);
    }
  }

  function present(
    target: Target<HostedZoneProperties>,
    { zone, twins }: FoundZone,
    vpcs: readonly { readonly VPCId?: string | undefined; readonly VPCRegion?: string | undefined }[],
    nameServer: string,
  ): Present<HostedZoneProperties, HostedZoneAttributes> {
    const isHalfMade =
      zone.tags[OWNER_TAG] === undefined && zone.isWitnessed && markersFor(target).includes(zone.comment);
    return {
      state: 'present',
      resource: zone.id,
      properties: {
        Name: sameName(zone.name, target.properties.Name) ? target.properties.Name : zone.name,
        ...(!isHalfMade && { HostedZoneConfig: { Comment: zone.comment } }),
        VPCs: observedVpcs(target.properties.VPCs, zone.isWitnessed, vpcs),
        HostedZoneTags: managedTags(target.properties.HostedZoneTags, zone.tags),
      },
      attributes: { Id: zone.id, NameServer: nameServer, Private: zone.isPrivate },
      marker: isHalfMade ? zone.comment : zone.tags[OWNER_TAG],
      // A zone that was adopted keeps its first caller reference: there a tag holds its own id, which no copy has.
      witness: zone.isWitnessed || zone.tags[ADOPTED_TAG] === zone.id,
      applied: zone.tags[APPLIED_TAG],
      protected: isProtected(zone.tags),
      ...onRemoveOf(zone.tags),
      ...(twins.length > 0 && { twins }),
    };
  }

  /** Undefined: there is none of this id. */
  async function getZone(account: string, Id: string): Promise<GetHostedZoneCommandOutput | undefined> {
    const client = await clientFor(account);
    try {
      return await client.send(new GetHostedZoneCommand({ Id }));
    } catch (error) {
      if (isAwsError(error, 'NoSuchHostedZone')) return undefined;
      throw error;
    }
  }

  async function change(account: string, id: string, add: Tags, remove: readonly string[] = []): Promise<void> {
    const client = await clientFor(account);
    await client.send(
      new ChangeTagsForResourceCommand({
        ResourceType: 'hostedzone',
        ResourceId: id,
        ...(Object.keys(add).length > 0 && { AddTags: tagList(add) }),
        ...(remove.length > 0 && { RemoveTagKeys: [...remove] }),
      }),
    );
  }

  return {
    type: HOSTED_ZONE,
    marker: 'companion',
    global: true,
    stateful: true,
    removedAfter: [LAMBDA_FUNCTION],
    managed: ['Name', 'HostedZoneConfig', 'VPCs', 'HostedZoneTags'],
    describe: ({ properties }) => properties.Name as string,
    permissions: zonePermissions,
    observe,

    async compare(target, seen) {
      const tags = await finder.tagsOf(target.place.account, seen.attributes.Id);
      return { differences: [...zoneDifferences(target, seen), ...metadataDifferences(target, tags)] };
    },

    async create(target): Promise<Progress> {
      const { account } = target.place;
      const client = await clientFor(account);
      const [first] = target.properties.VPCs.filter(({ VPCAccount: owner }) => (owner ?? account) === account);
      try {
        await client.send(
          new CreateHostedZoneCommand({
            Name: target.properties.Name,
            CallerReference: `${witnessOf(markerOf(target))}.${target.token}`,
            HostedZoneConfig: { Comment: markerOf(target), PrivateZone: first !== undefined },
            ...(first && { VPC: requestVpc(first) }),
          }),
        );
      } catch (error) {
        // The reply to an earlier try was lost: the zone is there and not listed yet.
        if (!isAwsError(error, 'HostedZoneAlreadyExists')) throw error;
        return { done: false, waiting: 'for the hosted zone to be listed', again: VISIBLE_AGAIN_MS };
      } finally {
        finder.forget(target.place.account);
      }
      return { done: false, waiting: 'to write tags', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      const id = seen.attributes.Id;
      const { account } = target.place;
      const tags = await finder.tagsOf(account, id);
      finder.forget(account);
      await change(account, id, ownTags(target), staleOwnTags(target, tags));
      for (const { path } of differences) {
        if (path === 'HostedZoneConfig') {
          const comment = target.properties.HostedZoneConfig?.Comment ?? '';
          await (await clientFor(account)).send(new UpdateHostedZoneCommentCommand({ Id: id, Comment: comment }));
        }
        if (path === 'VPCs') {
          await alignVpcs({ id, account, clientFor }, target.properties.VPCs, seen.properties.VPCs ?? []);
        }
        if (path === 'HostedZoneTags') {
          await change(account, id, tagsOf(target.properties.HostedZoneTags));
        }
      }
      await change(account, id, { [APPLIED_TAG]: target.applied });
      return { done: true };
    },

    async adopt(target, seen): Promise<Progress> {
      finder.forget(target.place.account);
      await change(target.place.account, seen.attributes.Id, {
        [OWNER_TAG]: markerOf(target),
        [ADOPTED_TAG]: seen.attributes.Id,
      });
      return { done: true };
    },

    /** A zone whose comment is still its marker would look half made without its tags. */
    async release(target, seen): Promise<Progress> {
      const { account } = target.place;
      const { Id } = seen.attributes;
      const comment = seen.properties.HostedZoneConfig?.Comment ?? seen.marker;
      if (comment === seen.marker) {
        await (await clientFor(account)).send(new UpdateHostedZoneCommentCommand({ Id, Comment: '' }));
      }
      const keys = allOwnTags(await finder.tagsOf(account, Id));
      if (keys.length > 0) await change(account, Id, {}, keys);
      finder.forget(account);
      return { done: true };
    },

    async losses(target, seen) {
      const found = await getZone(target.place.account, seen.attributes.Id);
      const count = (found?.HostedZone?.ResourceRecordSetCount ?? 0) - SETS_OF_ITS_OWN;
      if (count <= 0) return [];
      const extent = { create: 0, update: 0, delete: count, population: count };
      return [{ path: 'RecordSets', before: count, after: 0, extent }];
    },

    /** Emptied batch by batch, then deleted; its associations with VPCs go with it. */
    async remove(target, seen): Promise<Progress> {
      const { account } = target.place;
      finder.forget(account);
      return removal.step(await clientFor(account), seen.attributes.Id, seen.properties.Name ?? target.properties.Name);
    },

    async locate(object) {
      const { arn, place } = object;
      const id = nameInArn(arn, zoneArn(place, ''), /^[A-Z0-9]+$/);
      if (id === undefined) return undefined;
      const found = await getZone(place.account, id);
      if (found?.HostedZone?.Name === undefined) return undefined;
      const { Name, CallerReference } = found.HostedZone;
      const isMade = markersOf(object).some((marker) => CallerReference?.startsWith(`${witnessOf(marker)}.`));
      const isHeld = !isMade && (await finder.tagsOf(place.account, id))[ADOPTED_TAG] === id;
      return {
        properties: { Name, VPCs: observedVpcs([], true, found.VPCs ?? []) },
        witnessed: isMade || isHeld,
        ...(isHeld && { byTag: true }),
      };
    },
  };
}

function zoneArn(place: Place, id: string): string {
  return globalArn('route53', place, `hostedzone/${id}`, '');
}

function zoneDifferences(
  target: Target<HostedZoneProperties>,
  seen: Present<HostedZoneProperties, HostedZoneAttributes>,
): readonly Difference[] {
  const turnsPrivacy = target.properties.VPCs.length > 0 !== seen.attributes.Private;
  return propertyDifferences(target, seen).map((difference) => {
    const replaces = difference.path === 'Name' || (difference.path === 'VPCs' && turnsPrivacy);
    return replaces ? { ...difference, replaces } : difference;
  });
}

/** A zone's name as Route 53 wants it in requests and lists it: absolute, lower case. */
export function zoneName(domain: string): string {
  return formatName(parseName(domain.toLowerCase(), 'decimal'), 'decimal');
}
