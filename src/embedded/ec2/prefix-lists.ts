import type { DescribePrefixListsRequest, DescribePrefixListsResult, PrefixList } from '@aws-sdk/client-ec2';
import { createHash } from 'node:crypto';
import type { CallContext } from '../service.ts';
import { paged } from './describe.ts';
import { openFilters } from './filters.ts';
import type { FilterFields } from './filters.ts';
import { missing } from './kind.ts';

/** Services with a gateway endpoint (AWS PrivateLink Guide, "Gateway endpoints"), and a block that stands for theirs. */
const BLOCKS: Readonly<Record<string, string>> = { s3: '198.51.100.0/25', dynamodb: '198.51.100.128/25' };

const FILTERS: FilterFields<PrefixList> = {
  'prefix-list-id': ({ PrefixListId }) => PrefixListId,
  'prefix-list-name': ({ PrefixListName }) => PrefixListName,
};

export function gatewayServices(region: string): readonly string[] {
  return Object.keys(BLOCKS).map((service) => `com.amazonaws.${region}.${service}`);
}

/** AWS's own list for a service with a gateway endpoint: `pl-` and eight digits, as the first ones have. */
export function prefixListOf(service: string): string {
  return `pl-${createHash('sha256').update(service).digest('hex').slice(0, 8)}`;
}

export function isManagedPrefixList(id: string, region: string): boolean {
  return gatewayServices(region).some((service) => prefixListOf(service) === id);
}

export function describePrefixLists(
  input: DescribePrefixListsRequest,
  { region }: CallContext,
): DescribePrefixListsResult {
  const ids = input.PrefixListIds ?? [];
  const unknown = ids.find((id) => !isManagedPrefixList(id, region));
  if (unknown !== undefined) {
    throw missing({ notFound: 'InvalidPrefixListId.NotFound', noun: 'prefix list ID' }, unknown);
  }
  const all = Object.values(BLOCKS).map((block, index): PrefixList => {
    const service = gatewayServices(region)[index] ?? '';
    return { PrefixListId: prefixListOf(service), PrefixListName: service, Cidrs: [block] };
  });
  const wanted = all
    .filter(({ PrefixListId: id = '' }) => ids.length === 0 || ids.includes(id))
    .filter(openFilters(input.Filters, FILTERS));
  const { items, next } = paged(wanted, { maxResults: input.MaxResults, nextToken: input.NextToken });
  return { PrefixLists: items, ...next };
}
