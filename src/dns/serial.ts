const SERIAL_MODULUS = 2 ** 32;
const HALF = 2 ** 31;

/**
 * Compares two zone serials by the arithmetic of RFC 1982 §3.2, in which 1 comes after 4294967295.
 *
 * @returns -1 when `a` is older than `b`, 0 when equal, 1 when newer; undefined when they lie exactly 2^31 apart,
 * which the RFC leaves open.
 */
export function compareSerial(a: number, b: number): -1 | 0 | 1 | undefined {
  const ahead = (a - b + SERIAL_MODULUS) % SERIAL_MODULUS;
  if (ahead === 0) return 0;
  if (ahead === HALF) return undefined;
  return ahead < HALF ? 1 : -1;
}
