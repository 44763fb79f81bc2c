import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { formatName } from '../src/dns/name.ts';
import { encodedLength, isRoute53Type, MAX_VALUE_CHARACTERS, toRoute53 } from '../src/dns/route53.ts';
import { typeName } from '../src/dns/rr-types.ts';
import { transferZone } from '../src/dns/transfer/transfer.ts';
import type { RRset } from '../src/dns/types.ts';
import type { DnsServer } from '../src/embedded/dns-server.ts';
import { openResolver } from '../src/embedded/resolver.ts';
import { askOverTcp } from './support/ask.ts';
import { type BindBed, startBind } from './support/bind.ts';
import { describeWith } from './support/counterparts.ts';
import { openHost } from './support/embedded-host.ts';

const ZONE = 'all.test';

/** Changes of one request; each counts twice. */
const BATCH = 40;

/** Names that the zone does not hold, and names between those it holds. */
const ABSENT = [
  'nope.all.test',
  'x.y.nope.all.test',
  'x.wild.all.test',
  'wild.all.test',
  'empty.all.test',
  'of.empty.all.test',
  'x.of.empty.all.test',
  'x.star.all.test',
  'x.y.star.all.test',
  'star.all.test',
  'x.mid.a.star.all.test',
  'x.a.all.test',
  'child.all.test',
  'x.child.all.test',
  'deep.below.child.all.test',
  'ns.child.all.test',
  'x.cname.all.test',
  'in.label.all.test',
  'all.test',
];

describeWith('bind', 'the name servers of a zone and BIND with the same zone', () => {
  let bed: BindBed;
  let server: DnsServer;
  let held: readonly RRset[];

  beforeAll(async () => {
    bed = await startBind();
    const { zone } = await transferZone({ zone: ZONE, host: bed.host, port: bed.port });
    held = zone.rrsets.filter(isHeld);
    const { host, client } = openHost();
    const route53 = client(Route53Client);
    const made = await route53.send(new CreateHostedZoneCommand({ Name: ZONE, CallerReference: '1' }));
    for (let from = 0; from < held.length; from += BATCH) {
      const Changes = held
        .slice(from, from + BATCH)
        .map((set) => ({ Action: 'UPSERT' as const, ResourceRecordSet: toRoute53(set) }));
      await route53.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: made.HostedZone!.Id, ChangeBatch: { Changes } }),
      );
    }
    server = await openResolver(host, { zoneId: made.HostedZone!.Id!.slice('/hostedzone/'.length) });
  });

  afterAll(async () => {
    await server.close();
    await bed.stop();
  });

  it('answer every set alike', async () => {
    const questions = held.map(({ name, type }) => [formatName(name, 'decimal'), typeName(type)] as const);

    expect(questions.length).toBeGreaterThan(60);
    expect(await answersOf(server.port, questions)).toEqual(await answersOf(bed.port, questions));
  });

  it('say alike what is not there, what a wildcard answers, and who else to ask', async () => {
    const questions = ABSENT.flatMap((name) => ['A', 'TXT', 'CNAME', 'NS', 'DS'].map((type) => [name, type] as const));

    expect(await answersOf(server.port, questions)).toEqual(await answersOf(bed.port, questions));
  });
});

/** What Route 53 can hold of the zone. */
function isHeld({ type, rdata }: RRset): boolean {
  return isRoute53Type(type) && rdata.every((value) => encodedLength(type, value) <= MAX_VALUE_CHARACTERS);
}

async function answersOf(port: number, questions: readonly (readonly [name: string, type: string])[]) {
  const found: Record<string, object> = {};
  for (const [name, type] of questions) {
    const { rcode, authoritative, answers, owners, authority } = await askOverTcp(port, name, type);
    // BIND adds the zone's NS set to what it answers.
    const added = answers.length > 0 ? [] : authority.toSorted();
    found[`${name} ${type}`] = {
      rcode,
      authoritative,
      answers: answers.toSorted(),
      owners: owners.toSorted(),
      authority: added,
    };
  }
  return found;
}
