import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { canonicalJson } from '../../src/bundle/canonical-json.ts';
import { seal } from '../../src/bundle/dsse.ts';
import type { Signer } from '../../src/bundle/dsse.ts';
import { BundleError } from '../../src/bundle/errors.ts';
import { gzipBody, gzipHeader } from '../../src/bundle/gzip.ts';
import type { BundleOrigin } from '../../src/bundle/bundle.ts';
import type { TreeFile } from '../../src/bundle/tar-write.ts';

export const ORIGIN: BundleOrigin = {
  owner: 'acme-network',
  commit: '4f2a9c1e00112233445566778899aabbccddeeff',
  committedAt: '2026-11-26T03:00:00Z',
  generation: 42,
};

export function file(name: string, text: string): TreeFile {
  return { name, bytes: Buffer.from(text) };
}

/** A bundle around any octets, with any statement, signed as ours are: what the signer's own key could be made to sign. */
export async function signedAround(archive: Uint8Array, statement: object, signer: Signer): Promise<Buffer> {
  const body = gzipBody(archive);
  const digest = createHash('sha256').update(body).digest('hex');
  const whole = { format: 'trueup/bundle@1', ...ORIGIN, digest, files: 1, bytes: archive.length, ...statement };
  const envelope = await seal('application/vnd.trueup.bundle+json', whole, signer);
  return Buffer.concat([gzipHeader(Buffer.from(canonicalJson(envelope))), body]);
}

/** The code with which something is refused; `taken` where it is not. Other errors go through. */
export async function refusal(act: () => unknown): Promise<string> {
  try {
    await act();
    return 'taken';
  } catch (error) {
    if (error instanceof BundleError) return error.code;
    throw error;
  }
}

const segments = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[/\\\0]/.test(text) && text !== '.' && text !== '..' && !/^[A-Za-z]:/.test(text));
const names = fc.array(segments, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.yaml`);
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  // The edges of a block.
  fc.constantFrom(0, 1, 511, 512, 513, 1024).map((length) => new Uint8Array(length).fill(0x61)),
);

/** Trees whose names an archive holds: no file is a folder of another. */
export const trees: fc.Arbitrary<readonly TreeFile[]> = fc
  .uniqueArray(fc.record({ name: names, bytes: contents }), { selector: ({ name }) => name, maxLength: 12 })
  .filter((files) => files.every(({ name }) => !files.some((other) => other.name.startsWith(`${name}/`))));
