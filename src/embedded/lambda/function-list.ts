import type { ListFunctionsRequest, ListFunctionsResponse } from '@aws-sdk/client-lambda';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { firstNotBefore } from '../store/database.ts';
import { constraintViolation, invalidParameter, notEmbedded } from './errors.ts';
import { functions } from './model.ts';
import { shownFunction } from './shown.ts';

/** ListFunctions, MaxItems: "returns a maximum of 50 items in each response, even if you set the number higher". */
const PAGE = 50;
const MAX_ITEMS = 10_000;

export function listFunctions(input: ListFunctionsRequest, context: CallContext): ListFunctionsResponse {
  const { data, now } = context;
  if (input.FunctionVersion !== undefined || input.MasterRegion !== undefined)
    throw notEmbedded('versions of functions');
  const wanted = input.MaxItems ?? PAGE;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_ITEMS) {
    throw constraintViolation('maxItems', wanted, `Member must have value from 1 to ${MAX_ITEMS}`);
  }
  const prefix = rowKey('', context);
  const keys = data.keys(functions);
  const start = firstNotBefore(keys, `${prefix}${markerName(input.Marker)}`);
  const page = keys.slice(start, start + Math.min(wanted, PAGE)).filter((key) => key.startsWith(prefix));
  const next = keys[start + page.length];
  return {
    Functions: page.flatMap((key) => data.get(functions, key) ?? []).map((found) => shownFunction(found, now)),
    ...(next?.startsWith(prefix) && { NextMarker: Buffer.from(next.slice(prefix.length)).toString('base64url') }),
  };
}

function markerName(marker: string | undefined): string {
  if (marker === undefined) return '';
  const name = Buffer.from(marker, 'base64url').toString();
  if (!/^[\w-]+$/.test(name)) throw invalidParameter('The pagination token is not valid.');
  return name;
}
