/** S3's limit of a key, in octets of UTF-8 (S3 User Guide, "Naming objects"). */
export const MAX_KEY_OCTETS = 1_024;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const PLAIN = /^[A-Za-z0-9\-_.~/]$/;

/**
 * A key as an event writes it, form-encoded: `+` is a blank, `%` and two digits an octet of UTF-8, whatever was encoded
 * beyond need.
 *
 * @returns undefined for what no object's key is encoded as
 */
export function decodeEventKey(encoded: string): string | undefined {
  const octets = Buffer.from(encoded.replaceAll('+', ' '));
  const decoded: number[] = [];
  for (let at = 0; at < octets.length; at += 1) {
    const octet = octets[at] ?? 0;
    if (octet !== 0x25) {
      decoded.push(octet);
      continue;
    }
    const digits = octets.toString('latin1', at + 1, at + 3);
    if (!/^[0-9a-f]{2}$/i.test(digits)) return undefined;
    decoded.push(Number.parseInt(digits, 16));
    at += 2;
  }
  if (decoded.length === 0 || decoded.length > MAX_KEY_OCTETS) return undefined;
  try {
    return UTF8.decode(Uint8Array.from(decoded));
  } catch {
    return undefined;
  }
}

/**
 * `CopySource` of an object: every octet of the key but letters, digits, `-_.~` and `/` is encoded, and segments of dots
 * only are, too, so that nothing on the way takes them for a path.
 */
export function copySource(bucket: string, key: string, versionId?: string): string {
  const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  return `${bucket}/${key.split('/').map(encodeSegment).join('/')}${version}`;
}

function encodeSegment(segment: string): string {
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return Array.from(Buffer.from(segment), (octet) => {
    const character = String.fromCharCode(octet);
    return PLAIN.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
