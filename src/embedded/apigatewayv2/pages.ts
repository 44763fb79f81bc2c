import { pageOf } from '../paging.ts';
import { badRequest } from './errors.ts';

/** GetApis and its like tell no default and no maximum; those of the REST API's lists (Developer guide, "limit"). */
const PAGE = 25;
const MAX_PAGE = 500;

interface Listing {
  readonly MaxResults?: string | undefined;
  readonly NextToken?: string | undefined;
}

/** A page of a list. @throws BadRequestException for a size or a token that is none */
export function listPage<Row, Item>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  input: Listing,
  show: (row: Row) => Item,
): { Items: Item[]; NextToken?: string } {
  const page = { token: input.NextToken, size: sizeOf(input.MaxResults) };
  const { items, next } = pageOf(rows, keyOf, page, () => badRequest('Invalid NextToken'));
  return { Items: items.map(show), ...(next !== undefined && { NextToken: next }) };
}

function sizeOf(given: string | undefined): number {
  if (given === undefined) return PAGE;
  const size = Number(given);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE) return size;
  throw badRequest(`MaxResults must be from 1 to ${MAX_PAGE}: ${given}`);
}
