import * as fc from 'fast-check';
import { isAtOrBelow } from '../../src/dns/name.ts';
import { writeSoa } from '../../src/dns/rdata.ts';
import { RR } from '../../src/dns/rr-types.ts';
import type { Rdata, WireName, WireRecord, Zone } from '../../src/dns/types.ts';
import { buildZone } from '../../src/dns/zone.ts';

/** `z.test.` */
export const ORIGIN: WireName = wireName('z', 'test');

/** Few labels, so that names collide, nest and meet wildcards. */
const COMMON_LABELS = ['a', 'b', '*'] as const;
/** A dot, a quote, a backslash, octets at both ends, the longest label. */
const ODD_LABELS = ['_tcp', 'ns', 'a.b', '"\\', '\0\xff', 'x'.repeat(63)] as const;
const TTLS = [0, 60, 300, 2 ** 31 - 1] as const;

interface Content {
  readonly type: number;
  readonly rdata: readonly Rdata[];
}

/** What stands at one name. */
interface Node {
  readonly name: WireName;
  readonly ttl: number;
  readonly contents: readonly Content[];
  /** Addresses at `ns.<name>`, for delegations. */
  readonly glue: readonly Rdata[];
}

export function wireName(...path: readonly string[]): WireName {
  return `${path.map((label) => String.fromCharCode(label.length) + label).join('')}\0`;
}

export function below(label: string, name: WireName): WireName {
  return `${String.fromCharCode(label.length)}${label}${name}`;
}

/** One octet a character. */
export function octets(constraints: { readonly minLength?: number; readonly maxLength: number }): fc.Arbitrary<string> {
  return fc.uint8Array(constraints).map((bytes) => String.fromCharCode(...bytes));
}

/** Owner names in the zone `ORIGIN`, folded. */
export function names(): fc.Arbitrary<WireName> {
  return fc
    .array(labels(), { minLength: 1, maxLength: 4 })
    .map((path) => path.reduceRight((name, label) => below(label, name), ORIGIN))
    .filter((name) => name.length <= 255);
}

function labels(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...COMMON_LABELS) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_LABELS) },
  );
}

/** Zones as primaries serve them: hostile names, wildcards, delegations with glue, CNAMEs, multi-string TXT, many values. */
export function zones(): fc.Arbitrary<Zone> {
  return nodes().map(zoneOf);
}

/** Two versions of a zone; about half of the names stay. */
export function zonePairs(): fc.Arbitrary<{ before: Zone; after: Zone }> {
  return fc.tuple(nodes(), nodes(), fc.infiniteStream(fc.boolean())).map(([old, fresh, coin]) => {
    const stays = old.filter(() => coin.next().value);
    return { before: zoneOf(old), after: zoneOf([...stays, ...fresh]) };
  });
}

function nodes(): fc.Arbitrary<Node[]> {
  const node = fc.oneof(
    { weight: 5, arbitrary: plainNode() },
    { weight: 2, arbitrary: cnameNode() },
    { weight: 2, arbitrary: delegationNode() },
  );
  return fc.array(node, { maxLength: 24 });
}

function plainNode(): fc.Arbitrary<Node> {
  const contents = fc.uniqueArray(fc.oneof(addresses(), texts(), exchanges(), services()), {
    minLength: 1,
    maxLength: 3,
    selector: ({ type }) => type,
  });
  return fc.record({ name: names(), ttl: fc.constantFrom(...TTLS), contents, glue: fc.constant([]) });
}

function cnameNode(): fc.Arbitrary<Node> {
  const contents = names().map((target) => [{ type: RR.CNAME, rdata: [target] }]);
  return fc.record({ name: names(), ttl: fc.constantFrom(...TTLS), contents, glue: fc.constant([]) });
}

function delegationNode(): fc.Arbitrary<Node> {
  const digest = octets({ minLength: 36, maxLength: 36 });
  return fc
    .record({
      name: names().filter((name) => name.length <= 200),
      ttl: fc.constantFrom(...TTLS),
      others: fc.array(names(), { maxLength: 2 }),
      ds: fc.option(digest),
      glue: fc.array(octets({ minLength: 4, maxLength: 4 }), { maxLength: 3 }),
    })
    .map(({ name, ttl, others, ds, glue }) => {
      const inside = glue.length > 0 || others.length === 0 ? [below('ns', name)] : [];
      const signed = ds === null ? [] : [{ type: RR.DS, rdata: [ds] }];
      return { name, ttl, contents: [{ type: RR.NS, rdata: [...inside, ...others] }, ...signed], glue };
    });
}

function addresses(): fc.Arbitrary<Content> {
  const v4 = fc.array(octets({ minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  const v6 = fc.array(octets({ minLength: 16, maxLength: 16 }), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    v4.map((rdata) => ({ type: RR.A, rdata })),
    v6.map((rdata) => ({ type: RR.AAAA, rdata })),
  );
}

function texts(): fc.Arbitrary<Content> {
  const text = fc
    .array(octets({ maxLength: 12 }), { minLength: 1, maxLength: 3 })
    .map((strings) => strings.map((one) => String.fromCharCode(one.length) + one).join(''));
  return fc.array(text, { minLength: 1, maxLength: 3 }).map((rdata) => ({ type: RR.TXT, rdata }));
}

function exchanges(): fc.Arbitrary<Content> {
  const exchange = fc.tuple(octets({ minLength: 2, maxLength: 2 }), names()).map((fields) => fields.join(''));
  return fc.array(exchange, { minLength: 1, maxLength: 3 }).map((rdata) => ({ type: RR.MX, rdata }));
}

function services(): fc.Arbitrary<Content> {
  const service = fc.tuple(octets({ minLength: 6, maxLength: 6 }), names()).map((fields) => fields.join(''));
  return fc.array(service, { minLength: 1, maxLength: 2 }).map((rdata) => ({ type: RR.SRV, rdata }));
}

/** The last node at a name wins. */
function zoneOf(all: readonly Node[]): Zone {
  const byName = new Map(all.map((node) => [node.name, node]));
  const records: WireRecord[] = [soaRecord(), record(ORIGIN, RR.NS, 3_600, wireName('primary', 'example'))];
  for (const { name, ttl, contents, glue } of byName.values()) {
    for (const { type, rdata } of contents) records.push(...rdata.map((one) => record(name, type, ttl, one)));
    const glueName = below('ns', name);
    if (!byName.has(glueName)) records.push(...glue.map((address) => record(glueName, RR.A, ttl, address)));
  }
  return buildZone(
    ORIGIN,
    records.filter(({ name }) => isAtOrBelow(name, ORIGIN)),
  );
}

function soaRecord(): WireRecord {
  const soa = {
    mname: wireName('primary', 'example'),
    rname: wireName('hostmaster', 'example'),
    serial: 1,
    refresh: 3_600,
    retry: 600,
    expire: 86_400,
    minimum: 300,
  };
  return record(ORIGIN, RR.SOA, 3_600, writeSoa(soa));
}

function record(name: WireName, type: number, ttl: number, rdata: Rdata): WireRecord {
  return { name, type, ttl, rdata };
}
