import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Finding } from '../../engine/types.ts';
import { zoneName } from '../../resources/aws-route53-hosted-zone.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** What follows from the documents alone. */
export function check(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  all: readonly Document[],
): readonly Finding[] {
  const address = documentAddress(document);
  const { spec } = document;
  const findings: Finding[] = [];
  const say = (code: string, severity: Finding['severity'], message: string, hint?: string): void => {
    findings.push({ document: address, code, severity, message, ...(hint && { hint }) });
  };

  const rival = all.find((other) => other !== document && isMirror(other) && claimsSameZone(document, other, estate));
  if (rival) {
    say(
      'zone-claimed-twice',
      'blocks',
      `${documentAddress(rival)} (${rival.source.file}:${rival.source.line}) mirrors the same hosted zone`,
      'one zone can follow one source only: remove one of the two',
    );
  }
  const home = estate.place(spec.account, spec.region).account;
  const vpcs = spec.hostedZone.vpcs ?? [];
  if (vpcs.length > 0 && vpcs.every(({ account }) => account !== undefined && estate.place(account).account !== home)) {
    say(
      'no-vpc-of-its-own',
      'blocks',
      'a private zone can only be made with a VPC of its own account, and every VPC named belongs to another',
      'add a VPC of the zone’s account under spec.hostedZone.vpcs',
    );
  }
  return findings;
}

function isMirror(document: Document): document is Document<ZoneMirrorSpec> {
  return document.kind === 'ZoneMirror';
}

/** Two mirrors of one zone: the same id, or the same name in one account for VPCs that overlap (or for the public). */
function claimsSameZone(a: Document<ZoneMirrorSpec>, b: Document<ZoneMirrorSpec>, estate: Estate): boolean {
  const ids = [a.spec.hostedZone.id, b.spec.hostedZone.id];
  if (ids[0] !== undefined || ids[1] !== undefined) return ids[0] === ids[1];
  const accounts = [a, b].map(({ spec }) => estate.place(spec.account, spec.region).account);
  return (
    accounts[0] === accounts[1] && zoneName(a.spec.domain) === zoneName(b.spec.domain) && isPrivate(a) === isPrivate(b)
  );
}

function isPrivate({ spec }: Document<ZoneMirrorSpec>): boolean {
  return (spec.hostedZone.vpcs ?? []).length > 0;
}
