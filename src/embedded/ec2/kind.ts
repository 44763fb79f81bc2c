import { createHash } from 'node:crypto';
import type { ResourceType } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import { rowKey, rowsIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import type { Table } from '../store/database.ts';
import type { FilterFields } from './filters.ts';

/** One kind of object: where it is stored and how it is named. Every row belongs to one account and region. */
export interface Known<Row> {
  readonly rows: Table<Row>;
  readonly resourceType: ResourceType;
  /** Code of the error for an id that is not there. */
  readonly notFound: string;
  /** As errors name the object: `vpc ID`. */
  readonly noun: string;
  /** How ids begin and the code for one that does not look like an id, where EC2 tells the two apart. */
  readonly malformed?: readonly [prefix: string, code: string];
  /** Of a row that is kept but cannot be seen any more; default: none is. */
  isGone?(row: Row, now: number): boolean;
}

/** A kind that a Describe command lists. */
export interface Kind<Row, Shown extends object> extends Known<Row> {
  /** As the API shows it, with its tags. */
  show(row: Row, context: CallContext): Shown;
  readonly filters: FilterFields<Shown>;
}

const HEXADECIMAL = /^[0-9a-f]+$/;

type Place = Pick<CallContext, 'caller' | 'region'>;

export function find<Row>(kind: Known<Row>, id: string | undefined, context: CallContext): Row | undefined {
  const row = context.data.get(kind.rows, rowKey(id ?? '', context));
  return row === undefined || kind.isGone?.(row, context.now) === true ? undefined : row;
}

/** @throws the kind's error for an id that is not there. */
export function need<Row>(kind: Known<Row>, id: string | undefined, context: CallContext): Row {
  const row = find(kind, id, context);
  if (row === undefined) throw missing(kind, id ?? '');
  return row;
}

/** What EC2 says of an id that is not there. */
export function missing(
  { notFound, noun, malformed }: Omit<Known<unknown>, 'rows' | 'resourceType'>,
  id: string,
): Error {
  const [prefix, code] = malformed ?? [];
  if (code !== undefined && !(id.startsWith(`${prefix}-`) && HEXADECIMAL.test(id.slice(`${prefix}-`.length)))) {
    return serviceError(code, `Invalid id: "${id}" (expecting "${prefix}-...")`);
  }
  return serviceError(notFound, `The ${noun} '${id}' does not exist`);
}

export function put<Row>(kind: Known<Row>, id: string, row: Row, context: CallContext): void {
  context.data.put(kind.rows, rowKey(id, context), row);
}

/** The rows of the caller's account and region in the order of their ids, as they were before this call. */
export function rowsOf<Row>(kind: Known<Row>, context: CallContext): Row[] {
  return rowsIn(kind.rows, context).filter((row) => kind.isGone?.(row, context.now) !== true);
}

const ID_DIGITS = 17;

/** An id that follows from what it belongs to, such as the main route table's from its VPC. */
export function derivedId(prefix: string, seed: string): string {
  return `${prefix}-${createHash('sha256').update(`${prefix} ${seed}`).digest('hex').slice(0, ID_DIGITS)}`;
}

/** An id that is new, the same in every account file for the same order of calls. */
export function newId(prefix: string, { caller, region, data }: CallContext): string {
  return derivedId(prefix, `${caller.account} ${region} ${data.next('ec2/ids')}`);
}

/** An ARN; without an id: of any object of the type, as IAM is asked before there is one. */
export function arn(type: ResourceType, id: string | undefined, { caller, region }: Place): string {
  return `arn:aws:ec2:${region}:${caller.account}:${type}/${id ?? '*'}`;
}
