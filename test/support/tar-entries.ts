import { writeHeader } from '../../src/bundle/tar-header.ts';

export interface RawEntry {
  readonly name: string;
  /** One character; default: a regular file. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly linkname?: string;
  /** As the header says it; default: what it is. */
  readonly size?: number;
}

const BLOCK = 512;

/** An archive of any entries, as an attacker writes it: headers are whole, and say what they are told to. */
export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), Buffer.alloc(2 * BLOCK)]);
}

export function rawEntry({ name, type = '0', content = '', linkname = '', size }: RawEntry): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.from(writeHeader('x', size ?? bytes.length));
  header.fill(0, 0, 100);
  header.write(name, 0, 100);
  header.write(type, 156, 'latin1');
  header.write(linkname, 157);
  const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
  return Buffer.concat([withChecksum(header), bytes, padding]);
}

/** The header with the checksum of what it holds now. */
export function withChecksum(header: Buffer): Buffer {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** One record of a pax header; its length counts itself. */
export function paxRecord(keyword: string, value: string): string {
  const rest = ` ${keyword}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (`${length}`.length + Buffer.byteLength(rest) !== length) length = `${length}`.length + Buffer.byteLength(rest);
  return `${length}${rest}`;
}
