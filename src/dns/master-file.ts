import { ZoneError } from './errors.ts';
import { MasterFileReader } from './master-file/reader.ts';
import { formatName, parseName } from './name.ts';
import { formatRdata } from './rdata.ts';
import { RR, typeName } from './rr-types.ts';
import type { RRset, Zone } from './types.ts';
import { ZoneBuilder } from './zone.ts';

interface MasterFileOptions {
  /** The zone's name; without it the file has `$ORIGIN`, or an absolute name as its first owner. */
  readonly origin?: string;
}

/**
 * A zone from a master file (RFC 1035 §5, $TTL of RFC 2308, unknown types of RFC 3597), TTLs also as `1h30m`.
 * $INCLUDE and $GENERATE are refused: they reach beyond the text.
 * @throws DnsSyntaxError with line and column.
 * @throws ZoneError where the records make no zone.
 */
export function parseMasterFile(text: string, options: MasterFileOptions = {}): Zone {
  const reader = new MasterFileReader(options.origin === undefined ? undefined : parseName(options.origin, 'decimal'));
  const builder = new ZoneBuilder();
  for (const record of reader.records(text)) builder.add(record);
  if (reader.apex === undefined) {
    throw new ZoneError('The master file holds no record.', { code: 'no-soa' });
  }
  return builder.build(reader.apex, reader.findings);
}

/**
 * The zone as a master file: a record a line, absolute names, TTL and class on every line, the SOA first and once,
 * then canonical order. The same zone gives the same bytes.
 */
export function formatMasterFile(zone: Zone): string {
  const isApexSoa = (set: RRset) => set.type === RR.SOA && set.name === zone.origin;
  const ordered = [...zone.rrsets.filter(isApexSoa), ...zone.rrsets.filter((set) => !isApexSoa(set))];
  return ordered.map(formatRRset).join('');
}

function formatRRset({ name, type, ttl, rdata }: RRset): string {
  const head = `${formatName(name, 'decimal')} ${ttl} IN ${typeName(type)}`;
  return rdata.map((one) => `${head} ${formatRdata(type, one, 'decimal')}\n`).join('');
}
