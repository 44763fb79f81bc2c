import { ResourceGroupsTaggingAPIClient, paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from '../aws/clients.ts';
import { unknownFrom } from '../aws/errors.ts';
import type { MarkedObject, Permission, Place, ResourceType } from '../engine/types.ts';
import type { Found, Inventory, Unseen } from '../engine/world.ts';
import { OWNER_TAG } from './marker.ts';
import { permit } from './permissions.ts';
import { roleArn, rolePath } from './role-arns.ts';

export interface InventoryOptions {
  /** Today's, then those that the estate had. */
  readonly owners: readonly string[];
  /** Looked through whether anything is declared there or not. */
  readonly places: readonly Place[];
  readonly types: readonly ResourceType[];
}

/** Where the tagging API shows what belongs to no region (its guide, "Services that support…"; Route 53, CloudFront). */
export const GLOBAL_REGION = 'us-east-1';

/**
 * Asks each account and region for what carries an owner tag, and the services that the tagging API leaves out. It is
 * late by minutes, and shows what is gone: whoever uses the answer looks again.
 */
export function createInventory(aws: Aws, options: InventoryOptions): Inventory {
  return async function inventory(declared, isDeclared) {
    const places = distinct([...options.places, ...declared]);
    const accounts = [...new Set(places.map(({ account }) => account))];
    const everywhere = distinct([...places, ...accounts.map((account) => ({ account, region: GLOBAL_REGION }))]);
    const lists = [
      ...everywhere.map((place) => ({
        what: `what is tagged in ${place.region} of ${place.account}`,
        where: `${place.account}/${place.region}`,
        objects: tagged(aws, place, regionOf(place.account, places)),
      })),
      ...options.types.flatMap((type) => {
        const homes = accounts.map((account) => ({ account, region: regionOf(account, places) }));
        return (type.global ? homes : places).flatMap((place) => {
          const objects = type.list?.(options.owners, place, (resource) => isDeclared(type.type, resource));
          const where = type.global ? place.account : `${place.region} of ${place.account}`;
          return objects
            ? [
                {
                  what: `${type.type} in ${where}`,
                  where: type.global ? `${type.type} ${place.account}` : `${place.account}/${place.region}`,
                  objects,
                },
              ]
            : [];
        });
      }),
    ];
    const found = await Promise.all(lists.map(({ what, objects }) => collect(what, objects)));
    const byArn = new Map(found.flatMap(({ objects }) => objects).map((object) => [object.arn, object]));
    return {
      objects: [...byArn.values()],
      unseen: once(found.map(({ unseen }, index) => [lists[index]?.where ?? '', unseen])),
    };
  };
}

/** What that takes in one account. */
export function inventoryPermissions(owners: readonly string[], place: Place): readonly Permission[] {
  return [
    ...permit('tag', '*', ['GetResources']),
    ...owners.flatMap((owner) => permit('iam', roleArn(place, rolePath(owner), ''), ['ListRoles'])),
  ];
}

/** @param home region of the account to which what belongs to no region is counted. */
async function* tagged(aws: Aws, place: Place, home: string): AsyncGenerator<MarkedObject> {
  const client = await aws.client(ResourceGroupsTaggingAPIClient, place);
  const pages = paginateGetResources({ client }, { TagFilters: [{ Key: OWNER_TAG }] });
  for await (const { ResourceTagMappingList: list = [] } of pages) {
    for (const { ResourceARN: arn = '', Tags = [] } of list) {
      const marker = Tags.find(({ Key }) => Key === OWNER_TAG)?.Value;
      // A bucket has a region, though its ARN names none.
      const isGlobal = arn.split(':')[3] === '' && !arn.includes(':s3:');
      if (marker !== undefined) yield { marker, arn, place: isGlobal ? { ...place, region: home } : place };
    }
  }
}

async function collect(what: string, objects: AsyncIterable<MarkedObject>): Promise<Found> {
  const found: MarkedObject[] = [];
  const unseen: Unseen[] = [];
  try {
    for await (const object of objects) found.push(object);
  } catch (error) {
    unseen.push({ what, unknown: unknownFrom(error) });
  }
  return { objects: found, unseen };
}

/** A place that is down fails each of its lists in the same words: it is said once. */
function once(lists: readonly (readonly [where: string, unseen: readonly Unseen[]])[]): readonly Unseen[] {
  const said = new Map<string, Unseen>();
  for (const [where, unseen] of lists) {
    for (const one of unseen) {
      const key = `${where} ${one.unknown.reason} ${one.unknown.detail}`;
      if (!said.has(key)) said.set(key, one);
    }
  }
  return [...said.values()];
}

function distinct(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [`${place.account}/${place.region}`, place])).values()];
}

function regionOf(account: string, places: readonly Place[]): string {
  return places.find((place) => place.account === account)?.region ?? GLOBAL_REGION;
}
