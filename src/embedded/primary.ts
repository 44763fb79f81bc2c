import { foldName, parseName } from '../dns/name.ts';
import { RR } from '../dns/rr-types.ts';
import { openKey, type WireKey } from '../dns/tsig/key.ts';
import type { TsigKey } from '../dns/tsig/tsig-key.ts';
import { checkRequest } from '../dns/tsig/serve.ts';
import type { WireName, WireRecord, Zone } from '../dns/types.ts';
import { type Message, readMessage } from '../dns/wire/message.ts';
import { FLAG, OPCODE, RCODE } from '../dns/wire/protocol.ts';
import { recordOctets, writeMessage } from '../dns/wire/writer.ts';
import { openDnsServer, type DnsServer } from './dns-server.ts';
import { asBuffer } from './octets.ts';
import { openZoneDirectory, type ZoneSource } from './zone-directory.ts';

/** Octets of records in one message: common servers send 14 to 16 KB a message, some relays take no more. */
const MESSAGE_OCTETS = 16 * 1024;

export interface PrimaryServerOptions {
  /** Zones to serve, or a directory of master files `<origin>.zone` (`%2f` for a slash), read again when they change. */
  readonly zones: readonly Zone[] | string;
  /** 0: any free port. */
  readonly port: number;
  readonly keys?: readonly TsigKey[];
  /** Zones, as text, that are given only to a request signed with one of the keys. */
  readonly requireKeyFor?: readonly string[];
  /** Wall clock for TSIG, milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface PrimaryServer extends DnsServer {
  /** Reads every master file again. @throws ZoneError for one that cannot be read. */
  reload(): void;
}

interface Serving {
  readonly source: ZoneSource;
  readonly keys: readonly WireKey[];
  readonly guarded: ReadonlySet<WireName>;
  readonly now: () => number;
}

interface Outcome {
  readonly rcode: number;
  readonly records: readonly WireRecord[];
}

/**
 * A small DNS primary on loopback: SOA and AXFR over TCP, TSIG where the query has it (RFC 5936, RFC 8945).
 *
 * @throws ZoneError for a master file that cannot be read, DnsSyntaxError for a key or zone name that is none, the
 * system's error for a port in use.
 */
export async function startPrimary(options: PrimaryServerOptions): Promise<PrimaryServer> {
  const { zones, keys = [], requireKeyFor = [], now = Date.now } = options;
  const source = typeof zones === 'string' ? openZoneDirectory(zones) : fixedZones(zones);
  source.reload();
  const serving: Serving = {
    source,
    keys: keys.map(openKey),
    guarded: new Set(requireKeyFor.map((name) => foldName(parseName(name, 'decimal')))),
    now,
  };
  const server = await openDnsServer(options.port, (query) => answer(asBuffer(query), serving));
  return { ...server, reload: () => source.reload() };
}

function fixedZones(zones: readonly Zone[]): ZoneSource {
  const byOrigin = new Map(zones.map((zone) => [foldName(zone.origin), zone]));
  return { find: (origin) => byOrigin.get(origin), reload() {} };
}

function* answer(bytes: Buffer, serving: Serving): Generator<Buffer> {
  const query = readMessage(bytes);
  const check =
    query.tsig === undefined
      ? undefined
      : checkRequest(bytes, query.tsig, serving.keys, Math.floor(serving.now() / 1000));
  const { rcode, records } =
    check === undefined || check.error === 0
      ? decide(query, serving, check !== undefined)
      : { rcode: RCODE.NOTAUTH, records: [] };
  const flags = FLAG.QR | FLAG.AA | (query.opcode << FLAG.OPCODE_SHIFT) | rcode;
  let question = query.question;
  for (const answers of inMessages(records)) {
    const message = writeMessage({ id: query.id, flags, question, answers });
    yield check === undefined ? message : check.sign(message);
    question = undefined;
  }
}

function decide(query: Message, serving: Serving, keyed: boolean): Outcome {
  if (query.opcode !== OPCODE.QUERY) return { rcode: RCODE.NOTIMP, records: [] };
  const { question } = query;
  if (query.response || question === undefined) return { rcode: RCODE.FORMERR, records: [] };
  const origin = foldName(question.name);
  const zone = find(origin, serving);
  if (zone === 'broken') return { rcode: RCODE.SERVFAIL, records: [] };
  if (zone === undefined) return { rcode: RCODE.NOTAUTH, records: [] };
  if (serving.guarded.has(origin) && !keyed) return { rcode: RCODE.REFUSED, records: [] };
  const soa = soaOf(zone);
  if (question.type === RR.SOA) return { rcode: RCODE.NOERROR, records: soa };
  if (question.type === RR.AXFR) return { rcode: RCODE.NOERROR, records: [...soa, ...bodyOf(zone), ...soa] };
  return { rcode: RCODE.REFUSED, records: [] };
}

function find(origin: WireName, serving: Serving): Zone | 'broken' | undefined {
  try {
    return serving.source.find(origin);
  } catch {
    return 'broken';
  }
}

function soaOf(zone: Zone): WireRecord[] {
  return recordsOf(zone, (type) => type === RR.SOA);
}

function bodyOf(zone: Zone): WireRecord[] {
  return recordsOf(zone, (type) => type !== RR.SOA);
}

function recordsOf(zone: Zone, wanted: (type: number) => boolean): WireRecord[] {
  return zone.rrsets
    .filter(({ type }) => wanted(type))
    .flatMap(({ name, type, ttl, rdata }) => rdata.map((value) => ({ name, type, ttl, rdata: value })));
}

/** At least one message, the records in order. */
function* inMessages(records: readonly WireRecord[]): Generator<WireRecord[]> {
  let answers: WireRecord[] = [];
  let octets = 0;
  for (const record of records) {
    const size = recordOctets(record);
    if (octets + size > MESSAGE_OCTETS && answers.length > 0) {
      yield answers;
      answers = [];
      octets = 0;
    }
    answers.push(record);
    octets += size;
  }
  yield answers;
}
