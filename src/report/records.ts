import type { Effect } from '../engine/types.ts';

/** One changed RRset, in presentation form. */
export interface RecordChange {
  readonly action: 'add' | 'change' | 'remove';
  /** Absolute. */
  readonly name: string;
  readonly type: string;
  readonly before: RecordSide | null;
  readonly after: RecordSide | null;
}

interface RecordSide {
  /** Seconds. */
  readonly ttl: number;
  readonly values: readonly string[];
}

/** The data of the effect `dns.records`. */
export interface RecordsData {
  readonly zone: string;
  readonly serial: { readonly from: number | null; readonly to: number };
  readonly primary: string;
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  /** Null: not listed, because the serial has not moved or went backwards. */
  readonly unchanged: number | null;
  readonly kept: number | null;
  readonly batches: number;
  readonly calls: number;
  /** Names that cannot be written. */
  readonly blocked: readonly string[];
  readonly maxStaleSeconds: number;
  readonly live: boolean;
  readonly records?: readonly RecordChange[];
  /** `none`, or the key's name and algorithm. */
  readonly tsig: string;
}

const RECORDS_CODE = 'dns.records';

export function recordsOf({ code, data }: Effect): RecordsData | undefined {
  return code === RECORDS_CODE && isRecordsData(data) ? data : undefined;
}

/** How many record sets move. */
export function movedRecords({ add, change, remove }: RecordsData): number {
  return add + change + remove;
}

function isRecordsData(data: object): data is RecordsData {
  const isWhole = 'zone' in data && 'primary' in data && 'blocked' in data && 'tsig' in data;
  return isWhole && 'serial' in data && typeof data.serial === 'object';
}
