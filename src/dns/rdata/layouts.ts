import { RR } from '../rr-types.ts';
import { addressPrefixes } from './apl.ts';
import { typeBitmap } from './bitmap.ts';
import { ALGORITHMS, CERTIFICATES, coveredType, hashedOwner, mnemonic, moment, salt } from './dnssec.ts';
import {
  base64,
  characterString,
  characterStrings,
  duration,
  hex,
  ipv4,
  ipv6,
  long,
  name,
  octet,
  quotedRest,
  short,
  tag,
} from './fields.ts';
import type { Field } from './fields.ts';
import { ipsecGateway, relay } from './gateway.ts';
import { hostIdentity } from './hip.ts';
import { location } from './loc.ts';
import { eui, locator64, nsap } from './locators.ts';
import { svcParams } from './svc-params.ts';
import { services } from './wks.ts';

const algorithm = mnemonic(1, ALGORITHMS, 'algorithm');
const certificate = mnemonic(2, CERTIFICATES, 'certificate type');
const key = [short, octet, algorithm, base64];
const digest = [short, algorithm, octet, hex];
const association = [octet, octet, octet, hex];
const service = [short, name, svcParams];
const preferredName = [short, name];
const signature = [coveredType, algorithm, octet, long, moment, moment, short, name, base64];

/** The fields of every type with a text of its own; all others are written as RFC 3597 has it. */
export const LAYOUTS: ReadonlyMap<number, readonly Field[]> = new Map<number, readonly Field[]>([
  [RR.A, [ipv4]],
  [RR.NS, [name]],
  [RR.CNAME, [name]],
  [RR.SOA, [name, name, long, duration, duration, duration, duration]],
  [RR.MB, [name]],
  [RR.MG, [name]],
  [RR.MR, [name]],
  [RR.WKS, [ipv4, services]],
  [RR.PTR, [name]],
  [RR.HINFO, [characterString, characterString]],
  [RR.MINFO, [name, name]],
  [RR.MX, preferredName],
  [RR.TXT, [characterStrings(1)]],
  [RR.RP, [name, name]],
  [RR.AFSDB, preferredName],
  [RR.X25, [characterString]],
  [RR.ISDN, [characterStrings(1, 2)]],
  [RR.RT, preferredName],
  [RR.NSAP, [nsap]],
  [RR.SIG, signature],
  [RR.KEY, key],
  [RR.PX, [short, name, name]],
  [RR.GPOS, [characterString, characterString, characterString]],
  [RR.AAAA, [ipv6]],
  [RR.LOC, [location]],
  [RR.SRV, [short, short, short, name]],
  [RR.NAPTR, [short, short, characterString, characterString, characterString, name]],
  [RR.KX, preferredName],
  [RR.CERT, [certificate, short, algorithm, base64]],
  [RR.DNAME, [name]],
  [RR.SINK, [octet, octet, octet, base64]],
  [RR.APL, [addressPrefixes]],
  [RR.DS, digest],
  [RR.SSHFP, [octet, octet, hex]],
  [RR.IPSECKEY, [octet, ipsecGateway]],
  [RR.RRSIG, signature],
  [RR.NSEC, [name, typeBitmap]],
  [RR.DNSKEY, key],
  [RR.DHCID, [base64]],
  [RR.NSEC3, [octet, octet, short, salt, hashedOwner, typeBitmap]],
  [RR.NSEC3PARAM, [octet, octet, short, salt]],
  [RR.TLSA, association],
  [RR.SMIMEA, association],
  [RR.HIP, [hostIdentity]],
  [RR.NINFO, [characterStrings(1)]],
  [RR.RKEY, key],
  [RR.TALINK, [name, name]],
  [RR.CDS, digest],
  [RR.CDNSKEY, key],
  [RR.OPENPGPKEY, [base64]],
  [RR.CSYNC, [long, short, typeBitmap]],
  [RR.ZONEMD, [long, octet, octet, hex]],
  [RR.SVCB, service],
  [RR.HTTPS, service],
  [RR.SPF, [characterStrings(1)]],
  [RR.NID, [short, locator64]],
  [RR.L32, [short, ipv4]],
  [RR.L64, [short, locator64]],
  [RR.LP, preferredName],
  [RR.EUI48, [eui(6)]],
  [RR.EUI64, [eui(8)]],
  [RR.URI, [short, short, quotedRest]],
  [RR.CAA, [octet, tag, quotedRest]],
  [RR.AVC, [characterStrings(1)]],
  [RR.AMTRELAY, [octet, relay]],
  [RR.TA, digest],
  [RR.DLV, digest],
]);
