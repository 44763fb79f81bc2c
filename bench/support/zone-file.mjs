import { closeSync, openSync, writeSync } from 'node:fs';

/** Lines that are written at once. */
const PIECE = 10_000;

/**
 * A deterministic zone with so many records: of ten names six have one A, one two, one a CNAME, one a TXT, one an AAAA
 * and a MX. `shift` moves the addresses of every 100th name by one: the zone a day later.
 */
export function writeZoneFile(path, origin, records, { serial = 1, shift = 0 } = {}) {
  const file = openSync(path, 'w');
  let lines = [
    '$TTL 300',
    `@ IN SOA ns1.${origin}. hostmaster.${origin}. ${serial} 3600 600 1209600 300`,
    '@ IN NS ns1',
    'ns1 IN A 127.0.0.1',
  ];
  for (let index = 0, left = records - 3; left > 0; index += 1) {
    const own = recordsOf(index, index % 100 === 0 ? shift : 0, origin).slice(0, left);
    left -= own.length;
    lines.push(...own);
    if (lines.length < PIECE && left > 0) continue;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  closeSync(file);
}

function recordsOf(index, shift, origin) {
  const padded = String(index).padStart(7, '0');
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${(index + shift) & 255}`;
  switch (index % 10) {
    case 6:
      return [`host-${padded} IN A ${address}`, `host-${padded} IN A 192.0.2.${index & 255}`];
    case 7:
      return [`alias-${padded} IN CNAME host-${String(index - 1).padStart(7, '0')}`];
    case 8:
      return [`host-${padded} IN TXT "owner=team-${index % 97} id=${index} note=generated"`];
    case 9:
      return [
        `host-${padded} IN AAAA 2001:db8::${(index & 0xffff).toString(16)}:${(index >> 16).toString(16)}`,
        `host-${padded} IN MX 10 mail.${origin}.`,
      ];
    default:
      return [`host-${padded} IN A ${address}`];
  }
}
