import type { Api } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../../aws/clients.ts';
import { documentOf } from '../../engine/address.ts';
import type { Located, MarkedObject, Target } from '../../engine/types.ts';
import { hash } from '../../engine/value.ts';
import { ADOPTED_TAG, OWNER_TAG, markerOf } from '../marker.ts';
import type { Tags } from '../marker.ts';
import { isNamedAfterSome, isNamedByOwner, markersOf } from '../names.ts';
import type { Marking } from '../names.ts';
import { getApi, listApis } from './client.ts';

const MARKER_DIGITS = 16;

/** The API that a resource stands in. */
export interface Container {
  readonly ApiId: string;
  readonly tags: Tags;
}

/**
 * By its id, or, where the target tells none, as one of a document that is gone: the one API of the same document.
 * Undefined: there is none, or more than one.
 */
export async function containerOf(
  aws: Aws,
  target: Pick<Target<{ readonly ApiId?: string }>, 'owner' | 'formerOwners' | 'address' | 'place' | 'properties'>,
): Promise<Container | undefined> {
  const { ApiId } = target.properties;
  if (ApiId !== undefined) {
    const api = await getApi(aws, target.place, ApiId);
    return api && { ApiId, tags: api.Tags ?? {} };
  }
  const documents = markersOf({ ...target, marker: markerOf(target) }).map(documentOf);
  const [api, ...others] = (await listApis(aws, target.place)).filter(({ Tags: tags }) =>
    documents.includes(documentOf(tags?.[OWNER_TAG] ?? '')),
  );
  if (api === undefined || others.length > 0) return undefined;
  return { ApiId: api.ApiId ?? '', tags: api.Tags ?? {} };
}

/**
 * API Gateway chooses ids, and takes one name as often as it comes: that an API is ours, and no other with a copied tag,
 * its name says, which follows from the marker, or the tag that holds its own id.
 */
export function isHeld({ ApiId = '', Tags: tags = {} }: Partial<Api>): boolean {
  return tags[ADOPTED_TAG] === heldTag(ApiId, tags[OWNER_TAG] ?? '');
}

/** What that tag holds: the id, and what it was made for. Where the marker alone was changed, it is not held by it. */
export function heldTag(ApiId: string, marker: string): string {
  return `${ApiId}/${hash(marker).slice(0, MARKER_DIGITS)}`;
}

/** What is known of an API, or of something in it, that is found by an ARN. @param marking the API's own. */
export function witnessOf(api: Partial<Api>, marking: Marking): Pick<Located, 'witnessed' | 'byTag'> {
  const { Name = '' } = api;
  if (isNamedByOwner(marking, Name)) return { witnessed: true };
  const held = isHeld(api);
  return { witnessed: held, ...(held && !isNamedAfterSome(marking, Name) && { byTag: true as const }) };
}

/** The API that something with an ARN stands in, where both are of one document; undefined: it is gone. */
export async function witnessThrough(
  aws: Aws,
  object: MarkedObject,
  ApiId: string,
): Promise<{ readonly tags: Tags; readonly witness: Pick<Located, 'witnessed' | 'byTag'> } | undefined> {
  const api = await getApi(aws, object.place, ApiId);
  if (api === undefined) return undefined;
  const tags = api.Tags ?? {};
  const marker = tags[OWNER_TAG];
  const isSame = marker !== undefined && documentOf(marker) === documentOf(object.marker);
  return { tags, witness: isSame ? witnessOf(api, { ...object, marker }) : { witnessed: false } };
}
