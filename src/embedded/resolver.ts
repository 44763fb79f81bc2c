import { foldName, formatName } from '../dns/name.ts';
import { RR, typeName } from '../dns/rr-types.ts';
import { readMessage } from '../dns/wire/message.ts';
import type { Message } from '../dns/wire/message.ts';
import { CLASS, FLAG, OPCODE, RCODE } from '../dns/wire/protocol.ts';
import { writeMessage } from '../dns/wire/writer.ts';
import { openDnsServer } from './dns-server.ts';
import type { DnsServer } from './dns-server.ts';
import type { Host } from './host.ts';
import { asBuffer } from './octets.ts';
import { answerAuthoritatively, resolve } from './resolver/answers.ts';
import type { DnsAnswer } from './resolver/answers.ts';

/** RFC 7766 §8: a message over TCP has a length of two octets. */
const MAX_MESSAGE = 0xffff;

/** Whose server it is: a VPC's resolver, one outside of VPCs (undefined), or the name servers of one hosted zone. */
export type DnsView = { readonly vpcId: string | undefined } | { readonly zoneId: string };

/**
 * A DNS server over TCP on loopback that answers from the embedded Route 53, at each question as it is then: as the
 * resolver that a VPC's instances and functions ask, or as a public zone's own name servers (`ns-….awsdns-….`).
 */
export function openResolver(host: Pick<Host, 'read'>, view: DnsView): Promise<DnsServer> {
  return openDnsServer(0, function* answer(bytes) {
    const message = reply(asBuffer(bytes), host, view);
    // No resolver in this VPC, or no such zone: nobody answers.
    if (message === undefined) throw new Error('Nobody is here to answer.');
    yield message;
  });
}

function reply(bytes: Buffer, host: Pick<Host, 'read'>, view: DnsView): Buffer | undefined {
  const query = readMessage(bytes);
  const answer = decide(query, host, view);
  if (answer === undefined) return undefined;
  const recursion = 'vpcId' in view ? FLAG.RA : 0;
  const flags =
    FLAG.QR |
    (query.opcode << FLAG.OPCODE_SHIFT) |
    (bytes.readUInt16BE(2) & FLAG.RD) |
    recursion |
    (answer.authoritative ? FLAG.AA : 0);
  const { id, question } = query;
  const message = writeMessage({ ...answer, id, flags: flags | answer.rcode, question });
  return message.length <= MAX_MESSAGE ? message : writeMessage({ id, flags: flags | RCODE.SERVFAIL, question });
}

function decide(query: Message, host: Pick<Host, 'read'>, view: DnsView): DnsAnswer | undefined {
  if (query.opcode !== OPCODE.QUERY) return refusal(RCODE.NOTIMP);
  const { question } = query;
  if (query.response || question === undefined) return refusal(RCODE.FORMERR);
  // Route 53 gives nobody its zones by transfer.
  if (question.class !== CLASS.IN || isTransfer(question.type)) return refusal(RCODE.REFUSED);
  if (question.type >= RR.TKEY && question.type <= RR.ANY) return refusal(RCODE.NOTIMP);
  const asked = { name: formatName(foldName(question.name), 'octal'), type: typeName(question.type) };
  return host.read((data) =>
    'vpcId' in view ? resolve(asked, view.vpcId, data) : answerAuthoritatively(asked, view.zoneId, data),
  );
}

function isTransfer(type: number): boolean {
  return type === RR.AXFR || type === RR.IXFR;
}

function refusal(rcode: number): DnsAnswer {
  return { rcode, authoritative: false, answers: [], authority: [], additional: [] };
}
