import type { ResourceRecordSetProtection } from '@aws-sdk/client-route-53';
import type { Packing } from '../../dns/batches.ts';
import type { MirrorFinding } from '../../dns/mirror/findings.ts';
import { formatName, parseName } from '../../dns/name.ts';
import { typeName } from '../../dns/rr-types.ts';
import { compareSerial } from '../../dns/serial.ts';
import type { RRsetChange, WireName } from '../../dns/types.ts';
import { documentOf } from '../../engine/address.ts';
import type { Address, Cause, Finding } from '../../engine/types.ts';
import type { SourceZone } from './source.ts';
import { FIRST_SERIAL } from './zone-state.ts';

export function fromMirror(address: Address, { code, severity, names, count, message, hint }: MirrorFinding): Finding {
  return {
    document: documentOf(address),
    code,
    severity,
    message,
    ...(hint && { hint }),
    data: { names: [...names], count },
  };
}

/** Names whose change Route 53 would refuse as a whole. */
interface HeldBack {
  readonly names: ReadonlySet<WireName>;
  readonly tooLarge: Packing['tooLarge'];
  readonly protectedNames: readonly WireName[];
}

export function heldBack(
  changes: readonly RRsetChange[],
  { tooLarge }: Packing,
  protections: readonly ResourceRecordSetProtection[],
): HeldBack {
  // A protection holds for a set that is not there yet too.
  const protectedKeys = new Set(
    protections.map(
      ({ RecordName = '.', RecordType = '' }) => `${RecordType} ${parseName(RecordName.toLowerCase(), 'octal')}`,
    ),
  );
  const protectedNames =
    protectedKeys.size === 0
      ? []
      : changes.filter(({ name, type }) => protectedKeys.has(`${typeName(type)} ${name}`)).map(({ name }) => name);
  return { names: new Set([...tooLarge.flatMap(({ names }) => names), ...protectedNames]), tooLarge, protectedNames };
}

export function heldFindings(address: Address, held: HeldBack, isPartial: boolean): readonly Finding[] {
  const severity = isPartial ? 'warning' : 'blocks';
  const document = documentOf(address);
  const list = (names: readonly WireName[]): string => names.map((name) => formatName(name, 'decimal')).join(', ');
  const large = held.tooLarge.map(({ names, elements, characters }): Finding => ({
    document,
    code: 'cannot-hold',
    severity,
    message: `the change of ${list(names)} needs ${elements} values and ${characters} characters at once; Route 53 takes 1,000 and 32,000 in one request`,
  }));
  if (held.protectedNames.length === 0) return large;
  const message = `${list(held.protectedNames)}: Route 53 protects the set that is to be written`;
  const hint =
    'remove the protection in Route 53, or exclude the name; partial: true mirrors the other names meanwhile';
  return [...large, { document, code: 'kept-conflict', severity, message, hint }];
}

export function sameSerial(address: Address, cause: Cause, serial: number): readonly Finding[] {
  if (cause !== 'drift') return [];
  return [
    {
      document: documentOf(address),
      code: 'same-serial-other-content',
      severity: 'info',
      message: `primary and mirror are at serial ${serial} and differ: the mirror was changed outside trueup, or the primary without a new serial`,
    },
  ];
}

export function uncoupled(address: Address, { uncoupled: nodes }: Packing): readonly Finding[] {
  if (nodes.length === 0) return [];
  const names = nodes.map((name) => formatName(name, 'decimal'));
  return [
    {
      document: documentOf(address),
      code: 'wildcard-uncoupled',
      severity: 'warning',
      message: `names below ${names.join(', ')} that a wildcard or a delegation answers may be missing for a moment: their changes fill several batches`,
    },
  ];
}

export function serialFindings(
  address: Address,
  domain: string,
  from: number | null,
  to: number,
  accepted: number | null,
): readonly Finding[] {
  // 1 is what Route 53 gives a new zone: a first run that was cut off has written records and no serial.
  if (from === null || from === FIRST_SERIAL) return [];
  if (from === to || compareSerial(to, from) === 1) return accepted === null ? [] : usedUp(address, from, accepted);
  const message = `the primary serves serial ${to} of ${domain}, the mirror already holds ${from}: the serial went backwards`;
  const document = documentOf(address);
  if (accepted === to)
    return [{ document, code: 'serial-went-backwards', severity: 'warning', message: `${message}; accepted` }];
  return [
    {
      document,
      code: 'serial-went-backwards',
      severity: 'blocks',
      message,
      hint: `if the primary is right (a rebuilt server, a restored backup), set spec.acceptSerial: ${to}`,
    },
  ];
}

/** A serial that was accepted once would be so again, should the primary go back to it some day. */
function usedUp(address: Address, from: number, accepted: number): readonly Finding[] {
  if (from !== accepted && compareSerial(from, accepted) !== 1) return [];
  return [
    {
      document: documentOf(address),
      code: 'accept-serial-used',
      severity: 'warning',
      message: `spec.acceptSerial: ${accepted} has done its work, the mirror is at ${from}: a primary that goes back to ${accepted} again would be accepted again`,
      hint: 'remove acceptSerial from the document',
    },
  ];
}

export function lagFindings(address: Address, { lagging, primary, soa }: SourceZone): readonly Finding[] {
  if (lagging.length === 0) return [];
  return [
    {
      document: documentOf(address),
      code: 'primary-lags',
      severity: 'warning',
      message: `${primary} serves serial ${soa.serial}; ${lagging.join(', ')} did not answer or serves another version`,
    },
  ];
}
