import type { ListResourceRecordSetsRequest, ListResourceRecordSetsResponse } from '@aws-sdk/client-route-53';
import type { CallContext } from '../service.ts';
import { firstNotBefore } from '../store/database.ts';
import { invalidInput } from './errors.ts';
import { ownZone, recordSets, setKey } from './model.ts';
import { canonicalName } from './name.ts';

/** ListResourceRecordSets: up to 300 sets a page; asking for more gives 300. */
const SETS_PAGE = 300;

export function listResourceRecordSets(
  input: ListResourceRecordSetsRequest,
  context: CallContext,
): ListResourceRecordSetsResponse {
  const zone = ownZone(input.HostedZoneId, context);
  const sets = recordSets(zone.id);
  const keys = context.data.keys(sets);
  if (input.MaxItems !== undefined && input.MaxItems < 1) {
    throw invalidInput('The value of maxitems must be at least 1.');
  }
  const maxItems = Math.min(input.MaxItems ?? SETS_PAGE, SETS_PAGE);
  const from = firstNotBefore(keys, startKey(input));
  const page = keys.slice(from, from + maxItems).flatMap((key) => context.data.get(sets, key) ?? []);
  const nextKey = keys[from + maxItems];
  const next = nextKey === undefined ? undefined : context.data.get(sets, nextKey);
  return {
    ResourceRecordSets: page,
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextRecordName: next.Name, NextRecordType: next.Type }),
    ...(next?.SetIdentifier === undefined ? {} : { NextRecordIdentifier: next.SetIdentifier }),
    MaxItems: maxItems,
  };
}

/** Name alone: the first set at or after the name. Type and identifier only refine a name. */
function startKey(input: ListResourceRecordSetsRequest): string {
  const { StartRecordName: name, StartRecordType: type, StartRecordIdentifier: identifier } = input;
  if (name === undefined) {
    if (type !== undefined || identifier !== undefined) {
      throw invalidInput('Specify the name when you specify the type or the identifier to begin with.');
    }
    return '';
  }
  if (identifier !== undefined && type === undefined) {
    throw invalidInput('Specify the type when you specify the identifier to begin with.');
  }
  const parsed = canonicalName(name);
  if (!('name' in parsed)) throw invalidInput(`The name '${name}' is not valid: ${parsed.explanation}`);
  return setKey(parsed.name, type ?? '', identifier);
}
