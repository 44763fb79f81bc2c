import { createHash } from 'node:crypto';

/** What Route 53 writes into private zones: no resolver ever asks them. */
export const PRIVATE_NAME_SERVERS: readonly string[] = [
  'ns-0.awsdns-00.com',
  'ns-512.awsdns-00.net',
  'ns-1024.awsdns-00.org',
  'ns-1536.awsdns-00.co.uk',
];

const DOMAINS = ['com', 'net', 'org', 'co.uk'];
const SERVERS_PER_DOMAIN = 512;
const GROUPS = 64;

/** Four name servers, one per top-level domain, that follow from the zone's id. */
export function delegate(zoneId: string): readonly string[] {
  const digest = createHash('sha256').update(zoneId).digest();
  return DOMAINS.map((domain, index) => {
    const server = (digest.readUInt16BE(2 * index) % SERVERS_PER_DOMAIN) + index * SERVERS_PER_DOMAIN;
    return `ns-${server}.awsdns-${String(server % GROUPS).padStart(2, '0')}.${domain}`;
  });
}
