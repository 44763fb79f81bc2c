import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBundle, openBundle, packTree } from '../../src/bundle/bundle.ts';
import { temporaryDirectory } from '../config/tree.ts';
import { file, ORIGIN, refusal, trees } from '../support/bundles.ts';
import { createSigningKeys, KEY } from '../support/signing-keys.ts';

const keys = createSigningKeys();
const signer = keys.signer(KEY);
const expected = { owner: ORIGIN.owner, keyId: KEY, verify: keys.verify };
const TREE = [file('settings.yaml', 'kind: Settings\n'), file('zones/internal.yaml', 'kind: ZoneMirror\n')];

function byOctets(a: { readonly name: string }, b: { readonly name: string }): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

describe('a bundle', () => {
  it('gives back the tree that went in', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (files) => {
        const { bytes, statement } = await makeBundle(files, ORIGIN, signer);
        const opened = await openBundle(bytes, expected);

        expect(opened.statement).toEqual(statement);
        expect(opened.files.map(({ name, bytes: content }) => ({ name, bytes: Buffer.from(content) }))).toEqual(
          [...files].sort(byOctets).map(({ name, bytes: content }) => ({ name, bytes: Buffer.from(content) })),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('has the same octets for the same tree, in whatever order it was read', () => {
    fc.assert(
      fc.property(
        trees.chain((files) =>
          fc.tuple(fc.constant(files), fc.shuffledSubarray([...files], { minLength: files.length })),
        ),
        ([files, shuffled]) => {
          expect(packTree(shuffled, ORIGIN)).toEqual(packTree(files, ORIGIN));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('has these octets: whatever changes them changes the digest of every published bundle', () => {
    expect(packTree(TREE, ORIGIN).statement).toEqual({
      format: 'trueup/bundle@1',
      ...ORIGIN,
      digest: '449b93da93b52fd6d8a00cba021f2df418e66e49ebbc2589290fe4e801ba5bba',
      files: 2,
      bytes: 32,
    });
  });

  it('is refused with any bit flipped', async () => {
    const { bytes } = await makeBundle(TREE, ORIGIN, signer);
    const taken: string[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [0x01, 0x20, 0x80]) {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8((flipped[at] ?? 0) ^ bit, at);
        const code = await refusal(() => openBundle(flipped, expected));
        if (code === 'taken') taken.push(`${at}/${bit}`);
      }
    }

    expect(bytes.length).toBeGreaterThan(700);
    expect(taken).toEqual([]);
  });

  it('is refused wherever it is cut off, and with anything behind it', async () => {
    const { bytes } = await makeBundle(TREE, ORIGIN, signer);
    const codes = new Set<string>();
    for (let length = 0; length < bytes.length; length += 1) {
      codes.add(await refusal(() => openBundle(bytes.subarray(0, length), expected)));
    }
    codes.add(await refusal(() => openBundle(Buffer.concat([bytes, Buffer.alloc(1)]), expected)));

    expect([...codes].sort()).toEqual(['altered', 'malformed']);
  });

  it('is a tar.gz to the system’s tar', async () => {
    const directory = await temporaryDirectory();
    const long = `${'deep/'.repeat(30)}${'n'.repeat(90)}.yaml`;
    const { bytes } = await makeBundle([...TREE, file(long, 'x: 1\n')], ORIGIN, signer);
    writeFileSync(join(directory, 'estate.tar.gz'), bytes);

    const listed = execFileSync('tar', ['tzvf', 'estate.tar.gz'], {
      cwd: directory,
      encoding: 'utf8',
      env: { TZ: 'UTC', PATH: process.env['PATH'] },
    });
    execFileSync('tar', ['xzf', 'estate.tar.gz'], { cwd: directory });

    expect(
      listed
        .trim()
        .split('\n')
        .map((line) => line.replaceAll(/ +/g, ' ')),
    ).toEqual([
      `-rw-r--r-- 0/0 5 1970-01-01 00:00 ${long}`,
      '-rw-r--r-- 0/0 15 1970-01-01 00:00 settings.yaml',
      '-rw-r--r-- 0/0 17 1970-01-01 00:00 zones/internal.yaml',
    ]);
    expect(execFileSync('cat', [long], { cwd: directory, encoding: 'utf8' })).toBe('x: 1\n');
  });
});
