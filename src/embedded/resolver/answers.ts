import type { WireRecord } from '../../dns/types.ts';
import { RCODE } from '../../dns/wire/protocol.ts';
import { zones } from '../route53/model.ts';
import { isInZone } from '../route53/name.ts';
import type { Transaction } from '../store/database.ts';
import { delegatedZone, privateZoneFor, publicZoneAbove, vpcOf } from './held-zones.ts';
import { lookUp } from './lookup.ts';
import type { ZoneAnswer } from './lookup.ts';

export interface DnsAnswer {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly WireRecord[];
  readonly authority: readonly WireRecord[];
  readonly additional: readonly WireRecord[];
}

/** A name, canonical as Route 53 lists it, and the mnemonic of a type. */
interface Asked {
  readonly name: string;
  readonly type: string;
}

/** Links of a chain of CNAMEs that are followed; common resolvers stop between 8 and 17. */
const MAX_CHAIN = 16;
/** Delegations from zone to zone; a name has at most 127 labels. */
const MAX_REFERRALS = 127;

/**
 * What a VPC's resolver says. Private zones of the VPC come first, the longest name wins and nothing is asked elsewhere
 * (Developer Guide, "Considerations when working with a private hosted zone"); the public zones of this account file are
 * the internet. What is not in it cannot be resolved: SERVFAIL.
 *
 * A VPC that EC2 does not know counts as one with both DNS attributes on. With `enableDnsSupport` off there is no
 * resolver: undefined.
 *
 * @param vpcId undefined: outside of VPCs, where there are no private zones.
 */
export function resolve(asked: Asked, vpcId: string | undefined, data: Transaction): DnsAnswer | undefined {
  const vpc = vpcId === undefined ? undefined : vpcOf(vpcId, data);
  if (vpc?.dnsSupport === false) return undefined;
  const usesPrivate = vpc === undefined || vpc.dnsHostnames;
  return follow(asked, (question) => {
    const zone = usesPrivate && vpcId !== undefined ? privateZoneFor(question.name, vpcId, data) : undefined;
    // A private zone delegates nothing by itself: its NS sets are data.
    return zone === undefined ? ask(question, data) : lookUp(zone, { ...question, delegates: false }, data);
  });
}

/** What a name server of one zone says; undefined when there is no such zone any more. */
export function answerAuthoritatively(asked: Asked, zoneId: string, data: Transaction): DnsAnswer | undefined {
  const zone = data.get(zones, zoneId);
  if (zone === undefined) return undefined;
  if (!isInZone(asked.name, zone.name)) return { ...EMPTY, rcode: RCODE.REFUSED };
  return {
    ...follow(
      asked,
      (question) =>
        isInZone(question.name, zone.name) ? lookUp(zone, { ...question, delegates: true }, data) : undefined,
      true,
    ),
  };
}

const EMPTY: DnsAnswer = { rcode: RCODE.NOERROR, authoritative: false, answers: [], authority: [], additional: [] };

/**
 * @param look answers one name; undefined: it cannot be asked here.
 * @param authoritative an own answer ends where the zone ends; a resolver fails there.
 */
function follow(
  { name, type }: Asked,
  look: (asked: Asked) => ZoneAnswer | undefined,
  authoritative = false,
): DnsAnswer {
  const answers: WireRecord[] = [];
  let at = name;
  for (let links = 0; links <= MAX_CHAIN; links += 1) {
    const found = look({ name: at, type });
    if (found?.kind === 'cname') {
      answers.push(found.record);
      at = found.target;
      continue;
    }
    const isOwnEnd = found === undefined && authoritative && answers.length > 0;
    if (isOwnEnd) return { ...EMPTY, authoritative, answers };
    if (found === undefined || found.kind === 'failure') break;
    return {
      ...EMPTY,
      ...ending(found),
      authoritative: authoritative && !(found.kind === 'referral' && links === 0),
      answers: [...answers, ...recordsIn(found)],
    };
  }
  return { ...EMPTY, rcode: RCODE.SERVFAIL, answers };
}

function recordsIn(found: ZoneAnswer): readonly WireRecord[] {
  return found.kind === 'records' ? found.records : [];
}

function ending(found: ZoneAnswer): Partial<DnsAnswer> {
  switch (found.kind) {
    case 'no-name':
      return { rcode: RCODE.NXDOMAIN, authority: found.soa };
    case 'no-data':
      return { authority: found.soa };
    case 'referral':
      return { authority: found.servers, additional: found.glue };
    default:
      return {};
  }
}

/** From public zone to public zone along the delegations; undefined where they lead out of this account file. */
function ask(asked: Asked, data: Transaction): ZoneAnswer | undefined {
  let zone = publicZoneAbove(asked.name, data);
  for (let referrals = 0; zone !== undefined && referrals <= MAX_REFERRALS; referrals += 1) {
    const found = lookUp(zone, { ...asked, delegates: true }, data);
    if (found.kind !== 'referral') return found;
    zone = delegatedZone(found.cut, found.servers, data);
  }
  return undefined;
}
