import type { Filter } from '@aws-sdk/client-ec2';
import type { CallContext } from '../service.ts';
import { invalidCombination, invalidNextToken, invalidParameter } from './errors.ts';
import { openFilters } from './filters.ts';
import { need, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';

/** What every Describe command takes, whatever it calls its list of ids. */
export interface Wanted {
  readonly ids?: readonly string[] | undefined;
  readonly filters?: readonly Filter[] | undefined;
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface Page<Shown> {
  readonly items: Shown[];
  /** `NextToken` where there is more. */
  readonly next: { readonly NextToken?: string };
}

/** API model, MaxResults: 5 to 1,000 (DescribeRouteTables: 100). */
const MIN_PAGE = 5;
const MAX_PAGE = 1000;

/** @throws the kind's error for an id that is not there, InvalidParameterValue, InvalidNextToken */
export function describe<Row, Shown extends object>(
  kind: Kind<Row, Shown>,
  { ids = [], filters, maxResults, nextToken }: Wanted,
  context: CallContext,
  maxPage: number = MAX_PAGE,
): Page<Shown> {
  if (ids.length > 0 && maxResults !== undefined) {
    throw invalidCombination(`The parameter maxResults cannot be used with ids of ${kind.resourceType}s`);
  }
  const rows = ids.length > 0 ? [...new Set(ids)].map((id) => need(kind, id, context)) : rowsOf(kind, context);
  const matches = openFilters(filters, kind.filters);
  const shown = rows.map((row) => kind.show(row, context)).filter(matches);
  return paged(shown, { maxResults, nextToken }, maxPage);
}

/** One page of a list; the token is the place at which the next begins. */
export function paged<Shown>(
  all: readonly Shown[],
  { maxResults, nextToken }: Pick<Wanted, 'maxResults' | 'nextToken'>,
  maxPage: number = MAX_PAGE,
): Page<Shown> {
  if (maxResults !== undefined && (maxResults < MIN_PAGE || maxResults > maxPage)) {
    const expected = maxResults < MIN_PAGE ? `greater than ${MIN_PAGE}` : `less than ${maxPage}`;
    throw invalidParameter(
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value ${expected}.`,
    );
  }
  const from = nextToken === undefined ? 0 : readToken(nextToken);
  const to = maxResults === undefined ? all.length : from + maxResults;
  return {
    items: all.slice(from, to),
    next: to < all.length ? { NextToken: Buffer.from(`from ${to}`).toString('base64') } : {},
  };
}

function readToken(token: string): number {
  const digits = /^from (\d{1,9})$/.exec(Buffer.from(token, 'base64').toString())?.[1];
  if (digits === undefined) throw invalidNextToken();
  return Number(digits);
}
