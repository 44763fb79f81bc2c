/** Octets that can tell their text, as the SDK gives a body that is a blob. */
export type Blob = Uint8Array & { transformToString(encoding?: BufferEncoding): string };

export function blob(octets: Uint8Array): Blob {
  const transformToString = (encoding: BufferEncoding = 'utf8'): string => Buffer.from(octets).toString(encoding);
  return Object.assign(new Uint8Array(octets), { transformToString });
}
