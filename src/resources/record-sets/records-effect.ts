import type { Address, Effect, Value } from '../../engine/types.ts';
import { documentOf } from '../../engine/address.ts';
import type { RecordSetsProperties } from './types.ts';

/** What a mirror's next writing does, as docs/reference.md names it. */
interface RecordsFacts {
  readonly serial: { readonly from: number | null; readonly to: number };
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  /** Null: nothing was listed. */
  readonly unchanged: number | null;
  readonly kept: number | null;
  readonly batches: number;
  readonly calls: number;
  readonly blocked: readonly string[];
  /** Seconds for which a resolver may serve an old answer. */
  readonly maxStaleSeconds: number;
  readonly records: readonly { readonly [key: string]: Value }[];
}

export function recordsEffect(
  address: Address,
  { Source, Rules }: Pick<RecordSetsProperties, 'Source' | 'Rules'>,
  primary: string,
  facts: RecordsFacts,
): Effect {
  return {
    document: documentOf(address),
    code: 'dns.records',
    data: {
      zone: Source.Domain,
      primary,
      ...facts,
      live: Rules.Mode === 'live',
      tsig: Source.Tsig ? `${Source.Tsig.Name} (${Source.Tsig.Algorithm})` : 'none',
    },
  };
}

/** Only the SOA was read and its serial has not moved: nothing is listed, nothing is to do. */
export function unmovedEffect(
  address: Address,
  properties: Pick<RecordSetsProperties, 'Source' | 'Rules'>,
  primary: string,
  serial: number,
): Effect {
  return recordsEffect(address, properties, primary, {
    serial: { from: serial, to: serial },
    add: 0,
    change: 0,
    remove: 0,
    unchanged: null,
    kept: null,
    batches: 0,
    calls: 0,
    blocked: [],
    maxStaleSeconds: 0,
    records: [],
  });
}
