// How many batches `packBatches` needs, beside the least that the two limits of a request allow.
import { diffZones, packBatches, parseMasterFile } from 'trueup/dns';
import { table } from './support/figures.mjs';

/** Limits of ChangeResourceRecordSets. */
const ELEMENTS = 1_000;
const CHARACTERS = 32_000;

const SETS = 10_000;
/** Nearly the longest value that Route 53 takes (4,000 characters). */
const LONG = Array.from({ length: 15 }, () => `"${'x'.repeat(255)}"`).join(' ');

const CASES = [
  { what: 'first load, addresses', before: none, after: address },
  { what: 'first load, mixed types', before: none, after: mixed },
  { what: '1 % changed', before: mixed, after: (index) => (index % 100 === 0 ? address(index, 1) : mixed(index)) },
  { what: 'everything changed', before: mixed, after: (index) => mixed(index, 1) },
  { what: 'everything deleted', before: mixed, after: none },
  { what: 'sets of 1 to 60 addresses', before: none, after: manyAddresses },
  { what: `TXT of ${LONG.length} characters`, before: none, after: longText, long: SETS },
  {
    what: 'the same and addresses by turns',
    before: none,
    after: (index) => (index % 2 === 0 ? longText(index) : address(index)),
    long: SETS / 2,
  },
];

export function packingBench() {
  const rows = [['change set', 'changes', 'batches', 'lower bound', 'ratio']];
  for (const { what, before, after, long = 0 } of CASES) {
    const { changes } = diffZones(zoneOf(before).rrsets, zoneOf(after).rrsets);
    const { phases } = packBatches(changes);
    const batches = phases.flatMap((phase) => phase.batches).length;
    const bound = Math.max(
      phases.map(boundOf).reduce((sum, least) => sum + least, 0),
      leastFor(long),
    );
    rows.push([what, changes.length, batches, bound, (batches / bound).toFixed(3)]);
  }
  return table(rows);
}

function boundOf({ batches }) {
  const sum = (key) => batches.reduce((total, batch) => total + batch[key], 0);
  return Math.max(Math.ceil(sum('elements') / ELEMENTS), Math.ceil(sum('characters') / CHARACTERS));
}

/** A value is not cut: of the long ones eight fill a batch, whatever packs them. */
function leastFor(long) {
  return Math.ceil(long / Math.floor(CHARACTERS / LONG.length));
}

function zoneOf(make) {
  const lines = ['$ORIGIN corp.example.', '$TTL 300', '@ SOA ns1 host 1 3600 600 86400 60', '@ NS ns1'];
  for (let index = 0; index < SETS; index += 1) lines.push(...make(index));
  return parseMasterFile(`${lines.join('\n')}\n`);
}

function none() {
  return [];
}

function address(index, subnet = 0) {
  return [`host-${index} A 10.${subnet}.${index >> 8}.${index & 255}`];
}

function mixed(index, subnet = 0) {
  switch (index % 10) {
    case 6:
      return [...address(index, subnet), ...address(index, subnet + 2)];
    case 7:
      return [`alias-${index} CNAME host-${index - 1}.site-${subnet}`];
    case 8:
      return [`host-${index} TXT "owner=team-${index % 97} id=${index} site=${subnet}"`];
    case 9:
      return [`host-${index} AAAA 2001:db8::${subnet}:${index.toString(16)}`, `host-${index} MX 10 mail-${subnet}`];
    default:
      return address(index, subnet);
  }
}

function longText(index) {
  return [`text-${index} TXT ${LONG}`];
}

function manyAddresses(index) {
  return Array.from(
    { length: 1 + ((index * 7) % 60) },
    (_, value) => `host-${index} A 10.${index >> 8}.${index & 255}.${value}`,
  );
}
