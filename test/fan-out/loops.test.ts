import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { formatMarker, MARKER, readMarker } from '../../src/fan-out/loop-marker.ts';
import { apply } from '../../src/operations/apply.ts';
import { nameOf } from '../../src/reconcilers/function/names.ts';
import { fanOutDocument } from '../../src/reconcilers/bucket-fan-out/function-document.ts';
import { targetsOf } from '../../src/reconcilers/bucket-fan-out/places.ts';
import type { BucketFanOut } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { createFanOutEstate } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

const A = 'acme-a';
const B = 'acme-b';

/** They hear of no copies, and of every deletion. */
const DELETES = ['events: ["s3:ObjectCreated:Put"]', 'replicateDeletes: true'];

function open(more: readonly string[] = []): Promise<FanOutSystem> {
  const spec = [`source: { bucket: ${A} }`, `destinations: [{ bucket: ${B} }]`, ...more];
  return openFanOutSystem(spec, async (account) => {
    for (const bucket of [A, B]) await makeBucket(account, bucket);
  });
}

/** The fan-out of another team, b→a: validate sees only one of the two. @returns what its function is told */
async function wayBack({ account }: FanOutSystem, more: readonly string[] = []) {
  const estate = await createFanOutEstate([`source: { bucket: ${B} }`, `destinations: [{ bucket: ${A} }]`, ...more]);
  estate.rewrite('settings.yaml', (yaml) => yaml.replace('owner: acme-network', 'owner: acme-other'));
  estate.rewrite('invoices.yaml', (yaml) => yaml.replace('name: invoices', 'name: back'));
  const project = await estate.load();
  const { result } = await apply(project, { endpoint: { kind: 'embedded', account } });
  expect([result?.outcome, result?.refused, result?.failed]).toEqual(['applied', [], []]);
  await account.advance(60_000);
  const document = project.documents[0] as BucketFanOut;
  const [target] = targetsOf(document, project.estate);
  expect(nameOf(document, project.estate, target!.ids.copy)).toMatch(/^back-/);
  return fanOutDocument(document, project.estate, target!);
}

async function versions({ s3 }: FanOutSystem, Bucket: string): Promise<number> {
  const { Versions = [] } = await s3().send(new ListObjectVersionsCommand({ Bucket }));
  return Versions.length;
}

/** Delete markers of both buckets. */
async function markers({ s3 }: FanOutSystem): Promise<readonly number[]> {
  const lists = [A, B].map((Bucket) => s3().send(new ListObjectVersionsCommand({ Bucket })));
  return (await Promise.all(lists)).map(({ DeleteMarkers = [] }) => DeleteMarkers.length);
}

/** What the records of both functions came to, but for S3's test events. */
async function ends(system: FanOutSystem, told = system.told[0]): Promise<readonly string[]> {
  return (await system.outcomes(told)).filter((one) => one !== 'ignored');
}

describe('T91 two fan-outs that copy to one another', () => {
  it('end after one hop: what comes back is not copied again, and is counted', async () => {
    const system = await open();
    const back = await wayBack(system);
    await system.s3().send(new PutObjectCommand({ Bucket: A, Key: 'x', Body: 'body', Metadata: { colour: 'red' } }));
    await system.rest();

    expect(await ends(system)).toEqual(['copied', 'skipped']);
    expect(await ends(system, back)).toEqual(['copied']);
    expect([await versions(system, A), await versions(system, B)]).toEqual([2, 1]);
    expect((await system.lines()).filter((line) => line['LoopsSkipped'] === 1)).toHaveLength(1);
    const { Metadata = {} } = await system.s3().send(new HeadObjectCommand({ Bucket: A, Key: 'x' }));
    expect(Metadata['colour']).toBe('red');
    expect(readMarker(Metadata[MARKER])).toHaveLength(2);
  });

  it('end after one hop though the metadata have no room for a marker', async () => {
    const system = await open();
    const back = await wayBack(system);
    const Metadata = { much: 'x'.repeat(2_000) };
    await system.s3().send(new PutObjectCommand({ Bucket: A, Key: 'x', Body: 'body', Metadata }));
    await system.rest();

    expect(await ends(system)).toEqual(['copied', 'skipped']);
    expect(await ends(system, back)).toEqual(['copied']);
    expect([await versions(system, A), await versions(system, B)]).toEqual([2, 1]);
    expect((await system.s3().send(new HeadObjectCommand({ Bucket: A, Key: 'x' }))).Metadata).toEqual(Metadata);
  });

  it('go on copying what is new, and what is written over a copy', async () => {
    const system = await open();
    const back = await wayBack(system);
    await system.s3().send(new PutObjectCommand({ Bucket: A, Key: 'x', Body: 'one' }));
    await system.rest();
    await system.s3().send(new PutObjectCommand({ Bucket: B, Key: 'x', Body: 'two' }));
    await system.rest();

    expect((await system.held(A)).get('x')?.body).toBe('two');
    expect((await system.held(B)).get('x')?.body).toBe('two');
    expect((await ends(system, back)).at(-1)).toBe('skipped');
    const before = [await versions(system, A), await versions(system, B)];
    await system.rest();
    expect([await versions(system, A), await versions(system, B)]).toEqual(before);
  });

  it('end after one hop where they replicate deletions alone: what is gone is not deleted again, and that is counted', async () => {
    const system = await open(DELETES);
    const back = await wayBack(system, DELETES);
    await system.s3().send(new PutObjectCommand({ Bucket: A, Key: 'x', Body: 'body' }));
    await system.rest();
    await system.s3().send(new DeleteObjectCommand({ Bucket: A, Key: 'x' }));
    await system.rest();

    expect(await markers(system)).toEqual([1, 1]);
    expect(await ends(system)).toEqual(['copied', 'deleted']);
    expect(await ends(system, back)).toEqual(['kept']);
  });

  it('end with deletions of what both have copied, and of what neither ever had', async () => {
    const system = await open(DELETES);
    const back = await wayBack(system, DELETES);
    for (const Bucket of [A, B]) {
      await system.s3().send(new PutObjectCommand({ Bucket, Key: 'x', Body: Bucket }));
      await system.rest();
    }
    await system.s3().send(new DeleteObjectCommand({ Bucket: A, Key: 'x' }));
    await system.s3().send(new DeleteObjectCommand({ Bucket: A, Key: 'never' }));
    await system.rest();

    // Each bucket's copy is deleted by the other's fan-out once, though it may be gone by then.
    const [here = 0, there = 0] = await markers(system);
    expect(here).toBeLessThanOrEqual(3);
    expect(there).toBe(1);
    expect((await ends(system)).at(-1)).toBe('kept');
    expect(await ends(system, back)).toContain('copied');
    await system.rest();
    expect(await markers(system)).toEqual([here, there]);
  });

  it('circles that validate can see are refused', async () => {
    const system = await open();
    system.estate.write(
      'back.yaml',
      `apiVersion: trueup/v1\nkind: BucketFanOut\nmetadata: { name: back }\nspec:\n  source: { bucket: ${B} }\n  destinations: [{ bucket: ${A} }]\n`,
    );
    await expect(system.estate.load()).rejects.toThrow('TU1037');
  });
});

describe('T91 a marker that the source’s writer forged', () => {
  it.each<[string, (real: string, system: FanOutSystem) => string]>([
    ['of a real copy', (real) => real],
    ['of a real copy, among others', (real) => `${real} ${real.slice(2)}`],
    [
      'of this document and destination, made up',
      (real) => formatMarker([{ ...readMarker(real)[0]!, nonce: 'n'.repeat(16) }]),
    ],
    ['of a row that there is not', (real) => formatMarker([{ ...readMarker(real)[0]!, sk: 'copy/none' }])],
    ['of the head of a key', (real) => formatMarker([{ ...readMarker(real)[0]!, sk: 'head' }])],
    [
      'of no row',
      (real) => `1 ${readMarker(real)[0]!.document}.${readMarker(real)[0]!.destination}.${'h'.repeat(43)}.x.n`,
    ],
    ['that is none', () => '1 x.y.z'],
  ])('hides nothing: %s', async (_what, forge) => {
    const system = await open();
    const s3 = system.s3();
    await s3.send(new PutObjectCommand({ Bucket: A, Key: 'real', Body: 'body' }));
    await system.rest();
    const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: B, Key: 'real' }));
    const marker = forge(Metadata[MARKER]!, system);
    // Of the same size: the marker alone, and other octets.
    await s3.send(new PutObjectCommand({ Bucket: A, Key: 'hidden', Body: 'evil', Metadata: { [MARKER]: marker } }));
    await system.rest();

    expect(await ends(system)).toEqual(['copied', 'copied']);
    expect((await system.held(B)).get('hidden')?.body).toBe('evil');
  });

  it('hides nothing in a tag either', async () => {
    const system = await open();
    const s3 = system.s3();
    await s3.send(new PutObjectCommand({ Bucket: A, Key: 'real', Body: 'body' }));
    await system.rest();
    const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: B, Key: 'real' }));
    const Tagging = new URLSearchParams({ [MARKER]: Metadata[MARKER]! }).toString();
    const much = { much: 'x'.repeat(2_000) };
    await s3.send(new PutObjectCommand({ Bucket: A, Key: 'hidden', Body: 'evil', Metadata: much, Tagging }));
    await system.rest();

    expect(await ends(system)).toEqual(['copied', 'copied']);
    expect((await system.held(B)).get('hidden')?.body).toBe('evil');
  });
});
