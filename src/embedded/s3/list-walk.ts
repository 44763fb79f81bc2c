import { firstNotBefore } from '../store/database.ts';
import { objectRow } from './model.ts';

/** A key of a list, or what keys have in common up to a delimiter. */
export interface Step {
  /** As `objectRow` makes rows. */
  readonly row: string;
  readonly isCommon: boolean;
  /** Where the next step begins. */
  readonly next: string;
}

interface Grouping {
  readonly prefix: string;
  readonly delimiter: string | undefined;
}

/** Behind every row that begins with what stands before it: rows are octets. */
const LAST = '\u0100';
/** The least that comes behind a row. */
const NEXT = '\0';

/** Where a list goes on behind a key; a key that is what a group has in common stands for the group. */
export function behind(key: string, { prefix, delimiter }: Grouping = { prefix: '', delimiter: undefined }): string {
  const isCommon = commonOf(objectRow(key), objectRow(prefix), objectRow(delimiter ?? '')) === objectRow(key);
  return objectRow(key) + (isCommon ? LAST : NEXT);
}

/**
 * Walks sorted lists of rows as one, from a place on. It looks at no row twice and at one row of a group: a page costs
 * what it shows.
 */
export function* walk(
  lists: readonly (readonly string[])[],
  { prefix, delimiter }: Grouping,
  from: string,
): Generator<Step> {
  const [start, end] = [objectRow(prefix), objectRow(delimiter ?? '')];
  let at = from < start ? start : from;
  for (let row = firstRow(lists, at); row?.startsWith(start) === true; row = firstRow(lists, at)) {
    const common = commonOf(row, start, end);
    at = common === undefined ? row + NEXT : common + LAST;
    yield { row: common ?? row, isCommon: common !== undefined, next: at };
  }
}

function firstRow(lists: readonly (readonly string[])[], at: string): string | undefined {
  const rows = lists.flatMap((list) => list[firstNotBefore(list, at)] ?? []);
  return rows.reduce<string | undefined>((least, row) => (least === undefined || row < least ? row : least), undefined);
}

function commonOf(row: string, prefix: string, delimiter: string): string | undefined {
  const place = delimiter === '' || !row.startsWith(prefix) ? -1 : row.indexOf(delimiter, prefix.length);
  return place < 0 ? undefined : row.slice(0, place + delimiter.length);
}

export function keyOfRow(row: string): string {
  return Buffer.from(row, 'latin1').toString();
}
