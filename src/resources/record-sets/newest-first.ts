import { compareSerial } from '../../dns/serial.ts';
import type { Soa } from '../../dns/types.ts';

/** What a primary said of its zone. */
export interface Heard {
  readonly primary: string;
  readonly soa: Soa;
}

/**
 * Newest first (RFC 1982), the first of equals before the others. Serials have no order that holds for more than two of
 * them (1 is newer than 2^32-1, and 2^31-1 than 1, and 2^32-1 than 2^31-1), so each place goes to one that no other is
 * newer than; where there is none, to the first.
 */
export function newestFirst(heard: readonly Heard[]): Heard[] {
  const left = [...heard];
  const ordered: Heard[] = [];
  while (left.length > 0) {
    const isNewest = ({ soa }: Heard): boolean => left.every((other) => !isNewer(other.soa, soa));
    const [next] = left.splice(Math.max(0, left.findIndex(isNewest)), 1);
    if (next !== undefined) ordered.push(next);
  }
  return ordered;
}

/** By serial; a difference of 2^31, which RFC 1982 leaves open, is not newer. */
export function isNewer(soa: Soa, than: Soa): boolean {
  return compareSerial(soa.serial, than.serial) === 1;
}
