import {
  ListHostedZonesByNameCommand,
  ListTagsForResourcesCommand,
  paginateListHostedZones,
} from '@aws-sdk/client-route-53';
import type { HostedZone, Route53Client } from '@aws-sdk/client-route-53';
import { parseName } from '../dns/name.ts';
import { OWNER_TAG, tagsOf } from './marker.ts';
import type { Tags } from './marker.ts';

/** How a zone is recognised. */
export interface ZoneQuery {
  readonly name: string;
  readonly isPrivate: boolean;
  /** First half of the caller reference of the zones that we made, under today's owner and earlier ones. */
  readonly witnesses: readonly string[];
  readonly markers: readonly string[];
}

export interface ListedZone {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly tags: Tags;
  /** Its caller reference is ours: we made it. */
  readonly isWitnessed: boolean;
  readonly isPrivate: boolean;
}

export interface FoundZone {
  readonly zone: ListedZone;
  /** Ids of further zones that carry the same marker, or, where none does, that have the same name. */
  readonly twins: readonly string[];
}

/** Looks hosted zones up with as few calls as Route 53 allows; remembers what it saw until told to forget. */
export interface ZoneFinder {
  find(account: string, query: ZoneQuery): Promise<FoundZone | undefined>;
  tagsOf(account: string, id: string): Promise<Tags>;
  forget(account: string): void;
}

/** ListTagsForResources takes ten ids (Route 53 API reference). */
const TAGS_PER_CALL = 10;

export function createZoneFinder(clientFor: (account: string) => Promise<Route53Client>): ZoneFinder {
  const everything = new Map<string, Promise<readonly HostedZone[]>>();
  const tags = new Map<string, Tags>();

  async function listByName(account: string, name: string): Promise<readonly HostedZone[]> {
    const wanted = parseName(name.toLowerCase(), 'decimal');
    const client = await clientFor(account);
    const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 100 }));
    return HostedZones.filter((zone) => parseName((zone.Name ?? '.').toLowerCase(), 'octal') === wanted);
  }

  function listAll(account: string): Promise<readonly HostedZone[]> {
    const known = everything.get(account) ?? collect();
    everything.set(account, known);
    return known;

    async function collect(): Promise<readonly HostedZone[]> {
      const zones: HostedZone[] = [];
      const client = await clientFor(account);
      for await (const page of paginateListHostedZones({ client }, {})) zones.push(...(page.HostedZones ?? []));
      return zones;
    }
  }

  async function readTags(account: string, ids: readonly string[]): Promise<void> {
    const client = await clientFor(account);
    for (let at = 0; at < ids.length; at += TAGS_PER_CALL) {
      const { ResourceTagSets = [] } = await client.send(
        new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: ids.slice(at, at + TAGS_PER_CALL) }),
      );
      for (const set of ResourceTagSets) tags.set(`${account}/${set.ResourceId ?? ''}`, tagsOf(set.Tags));
    }
  }

  function listed(account: string, zone: HostedZone, witnesses: readonly string[]): ListedZone {
    const id = idOf(zone);
    return {
      id,
      name: zone.Name ?? '',
      comment: zone.Config?.Comment ?? '',
      tags: tags.get(`${account}/${id}`) ?? {},
      isWitnessed: isMadeBy(zone, witnesses),
      isPrivate: zone.Config?.PrivateZone ?? false,
    };
  }

  return {
    async find(account, query) {
      const isOurs = (zone: HostedZone): boolean => isMadeBy(zone, query.witnesses);
      const named = await listByName(account, query.name);
      // The document's domain may have changed: only then is a zone of ours found under another name.
      const made = named.some(isOurs) ? named : [...named, ...(await listAll(account)).filter(isOurs)];
      const candidates = made.filter((zone) => isOurs(zone) || (zone.Config?.PrivateZone ?? false) === query.isPrivate);
      if (candidates.length === 0) return undefined;
      await readTags(account, candidates.map(idOf));
      const zones = candidates.map((zone) => listed(account, zone, query.witnesses));
      const ours = zones.filter((zone) => zone.isWitnessed || query.markers.includes(zone.tags[OWNER_TAG] ?? ''));
      const zone = ours.find(({ isWitnessed }) => isWitnessed) ?? ours[0] ?? zones[0];
      if (!zone) return undefined;
      const rivals = ours.length > 0 ? ours : zones;
      return { zone, twins: rivals.filter((other) => other !== zone).map(({ id }) => id) };
    },

    async tagsOf(account, id) {
      if (!tags.has(`${account}/${id}`)) await readTags(account, [id]);
      return tags.get(`${account}/${id}`) ?? {};
    },

    forget(account) {
      everything.delete(account);
      for (const key of tags.keys()) if (key.startsWith(`${account}/`)) tags.delete(key);
    },
  };
}

function isMadeBy({ CallerReference = '' }: HostedZone, witnesses: readonly string[]): boolean {
  return witnesses.some((witness) => CallerReference.startsWith(`${witness}.`));
}

/** `/hostedzone/Z123` → `Z123`. */
function idOf(zone: HostedZone): string {
  return (zone.Id ?? '').replace(/^\/hostedzone\//, '');
}
