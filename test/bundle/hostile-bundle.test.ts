import { beforeEach, describe, expect, it, vi } from 'vitest';
import { approvalKey } from '../../src/bundle/approval-key.ts';
import { makeApproval, openApproval } from '../../src/bundle/approval.ts';
import { makeBundle, openBundle, packTree, verifyBundle } from '../../src/bundle/bundle.ts';
import { canonicalJson } from '../../src/bundle/canonical-json.ts';
import { seal } from '../../src/bundle/dsse.ts';
import type { Envelope } from '../../src/bundle/dsse.ts';
import { gzipHeader, inflateBody, splitGzip } from '../../src/bundle/gzip.ts';
import { MAX_BUNDLE_BYTES } from '../../src/bundle/limits.ts';
import { packTar } from '../../src/bundle/tar-write.ts';
import { file, ORIGIN, refusal, signedAround } from '../support/bundles.ts';
import { createSigningKeys, KEY, OTHER_KEY } from '../support/signing-keys.ts';
import { rawTar } from '../support/tar-entries.ts';

vi.mock('../../src/bundle/gzip.ts', { spy: true });

const keys = createSigningKeys();
const signer = keys.signer(KEY);
const expected = { owner: ORIGIN.owner, keyId: KEY, verify: keys.verify };
const TREE = [file('settings.yaml', 'kind: Settings\n')];
const OTHER_TREE = [file('settings.yaml', 'kind: Settings # hostile\n')];
const PLANS = [{ digest: 'a'.repeat(64), text: '{"format":"trueup/plan@1"}' }];
const approvedAt = '2026-11-26T03:00:00.000Z';

const bundle = await makeBundle(TREE, ORIGIN, signer);
const other = await makeBundle(OTHER_TREE, ORIGIN, signer);
const approval = await makeApproval({ bundle: bundle.statement, plans: PLANS, approvedAt }, signer);

function envelopeIn(bytes: Uint8Array): Envelope {
  return JSON.parse(Buffer.from(splitGzip(bytes).envelope).toString()) as Envelope;
}

function withEnvelope(bytes: Uint8Array, envelope: object): Buffer {
  return Buffer.concat([gzipHeader(Buffer.from(canonicalJson(envelope))), splitGzip(bytes).body]);
}

/** The statement is another one, the signature the old one. */
function forged(envelope: Envelope, change: object): object {
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as object;
  return { ...envelope, payload: Buffer.from(canonicalJson({ ...statement, ...change })).toString('base64') };
}

/** How a signature of somebody without the key looks. */
async function signedByOthers(keyId: string): Promise<Uint8Array> {
  return (await makeBundle(OTHER_TREE, ORIGIN, createSigningKeys().signer(keyId))).bytes;
}

beforeEach(() => {
  vi.mocked(inflateBody).mockClear();
});

describe('T72: a bundle that is not what was signed is refused before it is unpacked', () => {
  const swapped = Buffer.concat([bundle.bytes.subarray(0, -20), other.bytes.subarray(-20)]);
  const envelope = envelopeIn(bundle.bytes);

  it.each<[string, string, () => Uint8Array | Promise<Uint8Array>]>([
    ['octets swapped', 'altered', () => swapped],
    ['the contents of another bundle', 'altered', () => withEnvelope(other.bytes, envelope)],
    [
      'a generation forged higher',
      'bad-signature',
      () => withEnvelope(bundle.bytes, forged(envelope, { generation: 9000 })),
    ],
    [
      'another digest in the statement',
      'bad-signature',
      () => withEnvelope(other.bytes, forged(envelope, { digest: other.statement.digest })),
    ],
    [
      'the estate of somebody else',
      'wrong-owner',
      async () => (await makeBundle(TREE, { ...ORIGIN, owner: 'globex' }, signer)).bytes,
    ],
    ['signed by another key', 'wrong-key', async () => (await makeBundle(TREE, ORIGIN, keys.signer(OTHER_KEY))).bytes],
    ['signed by another key under this one’s name', 'bad-signature', () => signedByOthers(KEY)],
    [
      'two signatures',
      'unsigned',
      () => withEnvelope(bundle.bytes, { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] }),
    ],
    ['no signature', 'unsigned', () => withEnvelope(bundle.bytes, { ...envelope, signatures: [] })],
    [
      'an empty signature',
      'bad-signature',
      () => withEnvelope(bundle.bytes, { ...envelope, signatures: [{ keyid: KEY, sig: '' }] }),
    ],
    [
      'an approval’s signature',
      'unsigned',
      () =>
        withEnvelope(
          bundle.bytes,
          (JSON.parse(Buffer.from(approval.bytes).toString()) as { envelope: object }).envelope,
        ),
    ],
    [
      'an envelope of another text of the same value',
      'unsigned',
      () => Buffer.concat([gzipHeader(Buffer.from(`${canonicalJson(envelope)} `)), splitGzip(bundle.bytes).body]),
    ],
    [
      'an envelope that nests without end',
      'unsigned',
      () => Buffer.concat([gzipHeader(Buffer.from('['.repeat(60_000))), splitGzip(bundle.bytes).body]),
    ],
    [
      'a plain gzip file',
      'unsigned',
      () => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]), splitGzip(bundle.bytes).body]),
    ],
    ['no gzip file', 'malformed', () => Buffer.from('kind: Settings and more\n')],
    ['nothing', 'malformed', () => Buffer.alloc(0)],
    ['more than a bundle may have', 'too-large', () => Buffer.concat([bundle.bytes, Buffer.alloc(MAX_BUNDLE_BYTES)])],
  ])('%s → %s', async (_name, code, make) => {
    const bytes = await make();

    expect(await refusal(() => openBundle(bytes, expected))).toBe(code);
    expect(await refusal(() => verifyBundle(bytes, expected))).toBe(code);
    expect(inflateBody).not.toHaveBeenCalled();
  });

  it('an older one → rolled-back, and nothing is inflated; the same one and a newer one are taken', async () => {
    const older = await makeBundle(TREE, { ...ORIGIN, generation: 41 }, signer);

    expect(await refusal(() => openBundle(older.bytes, { ...expected, lastGeneration: 42 }))).toBe('rolled-back');
    expect(inflateBody).not.toHaveBeenCalled();
    expect(await refusal(() => openBundle(bundle.bytes, { ...expected, lastGeneration: 42 }))).toBe('taken');
    expect(await refusal(() => openBundle(bundle.bytes, { ...expected, lastGeneration: 41 }))).toBe('taken');
    expect(inflateBody).toHaveBeenCalledTimes(2);
  });

  it('an older bomb → rolled-back, and nothing is inflated', async () => {
    const bomb = await signedAround(Buffer.alloc(32 * 1024 * 1024), { generation: 41 }, signer);

    expect(bomb.length).toBeLessThan(64 * 1024);
    expect(await refusal(() => openBundle(bomb, { ...expected, lastGeneration: 42 }))).toBe('rolled-back');
    expect(inflateBody).not.toHaveBeenCalled();
  });
});

describe('T72: what is signed and hostile all the same is refused while it is unpacked', () => {
  const yaml = { content: 'x: 1\n' };
  const whole = packTar(TREE);

  it.each<[string, string, Uint8Array, object]>([
    ['`../`', 'hostile-entry', rawTar([{ name: '../settings.yaml', ...yaml }]), {}],
    ['`..` within', 'hostile-entry', rawTar([{ name: 'a/../../settings.yaml', ...yaml }]), {}],
    ['an absolute name', 'hostile-entry', rawTar([{ name: '/etc/settings.yaml', ...yaml }]), {}],
    ['a symbolic link', 'hostile-entry', rawTar([{ name: 'settings.yaml', type: '2', linkname: '/etc/passwd' }]), {}],
    ['a hard link', 'hostile-entry', rawTar([{ name: 'settings.yaml', type: '1', linkname: 'other.yaml' }]), {}],
    ['a device', 'hostile-entry', rawTar([{ name: 'settings.yaml', type: '3' }]), {}],
    ['a folder', 'hostile-entry', rawTar([{ name: 'zones/', type: '5' }]), {}],
    ['a pax header', 'hostile-entry', rawTar([{ name: 'pax', type: 'x', content: '' }]), {}],
    [
      'a name twice',
      'hostile-entry',
      rawTar([
        { name: 'a.yaml', ...yaml },
        { name: 'a.yaml', ...yaml },
      ]),
      { files: 2 },
    ],
    [
      'more files than it says',
      'too-large',
      rawTar([
        { name: 'a.yaml', ...yaml },
        { name: 'b.yaml', ...yaml },
      ]),
      {},
    ],
    ['more octets than it says', 'too-large', rawTar([{ name: 'a.yaml', ...yaml }]), { bytes: 4 }],
    [
      'names out of order',
      'malformed',
      rawTar([
        { name: 'b.yaml', ...yaml },
        { name: 'a.yaml', ...yaml },
      ]),
      { files: 2 },
    ],
    ['something behind its end', 'malformed', Buffer.concat([whole, Buffer.alloc(512)]), {}],
    ['a bomb', 'too-large', Buffer.alloc(32 * 1024 * 1024), { bytes: 15 }],
    ['a bomb that says so', 'too-large', Buffer.alloc(1024), { bytes: 1e12 }],
  ])('%s → %s', async (_name, code, archive, statement) => {
    const bytes = await signedAround(archive, statement, signer);

    expect(await refusal(() => openBundle(bytes, expected))).toBe(code);
  });

  it('the same way of signing is taken where nothing is wrong', async () => {
    const bytes = await signedAround(whole, { bytes: 15 }, signer);

    expect(await refusal(() => openBundle(bytes, expected))).toBe('taken');
  });

  it.each<[string, object]>([
    ['of another version', { format: 'trueup/bundle@2' }],
    ['with a generation that is none', { generation: -1 }],
    ['with a member more', { extra: true }],
  ])('a statement %s → malformed', async (_name, statement) => {
    expect(await refusal(async () => openBundle(await signedAround(whole, statement, signer), expected))).toBe(
      'malformed',
    );
  });
});

describe('T72: an approval', () => {
  const parts = JSON.parse(Buffer.from(approval.bytes).toString()) as { envelope: Envelope; plans: string[] };
  const bytesOf = (value: object): Buffer => Buffer.from(canonicalJson(value));
  const mine = { ...expected, bundle: bundle.statement.digest, lastGeneration: 42 };

  it('gives the plans back as they were written', async () => {
    const opened = await openApproval(approval.bytes, mine);

    expect(opened).toEqual({ statement: approval.statement, plans: PLANS.map((plan) => ({ ...plan, approvedAt })) });
    expect(opened.statement).toMatchObject({ bundle: bundle.statement.digest, generation: 42, approvedAt });
    expect(approvalKey('estate.tar.gz')).toBe('estate.tar.gz.approval.json');
  });

  it.each<[string, string, () => Uint8Array | Promise<Uint8Array>]>([
    [
      'a plan that is another',
      'altered',
      () => bytesOf({ ...parts, plans: ['{"format":"trueup/plan@1","actions":[]}'] }),
    ],
    ['a plan more', 'altered', () => bytesOf({ ...parts, plans: [...parts.plans, ...parts.plans] })],
    ['a plan less', 'altered', () => bytesOf({ ...parts, plans: [] })],
    [
      'forged for another bundle',
      'bad-signature',
      () => bytesOf({ ...parts, envelope: forged(parts.envelope, { bundle: other.statement.digest }) }),
    ],
    [
      'forged for other plans',
      'bad-signature',
      () => bytesOf({ plans: [], envelope: forged(parts.envelope, { plans: [] }) }),
    ],
    [
      'of another bundle',
      'other-bundle',
      async () => (await makeApproval({ bundle: other.statement, plans: PLANS, approvedAt }, signer)).bytes,
    ],
    [
      'of an older bundle',
      'rolled-back',
      async () => {
        const older = packTree(OTHER_TREE, { ...ORIGIN, generation: 41 });
        return (await makeApproval({ bundle: older.statement, plans: PLANS, approvedAt }, signer)).bytes;
      },
    ],
    [
      'of another estate',
      'wrong-owner',
      async () =>
        (await makeApproval({ bundle: { ...bundle.statement, owner: 'globex' }, plans: PLANS, approvedAt }, signer))
          .bytes,
    ],
    [
      'signed by another key',
      'wrong-key',
      async () =>
        (await makeApproval({ bundle: bundle.statement, plans: PLANS, approvedAt }, keys.signer(OTHER_KEY))).bytes,
    ],
    [
      'signed by another key under this one’s name',
      'bad-signature',
      async () =>
        (await makeApproval({ bundle: bundle.statement, plans: PLANS, approvedAt }, createSigningKeys().signer(KEY)))
          .bytes,
    ],
    ['a bundle’s signature', 'unsigned', () => bytesOf({ ...parts, envelope: envelopeIn(bundle.bytes) })],
    ['unsigned', 'unsigned', () => bytesOf({ ...parts, envelope: {} })],
    ['no approval', 'malformed', () => bytesOf({ envelope: parts.envelope })],
    ['another text of the same value', 'malformed', () => Buffer.from(JSON.stringify(parts, null, 1))],
    ['no JSON', 'malformed', () => Buffer.from([0xff])],
    ['JSON that nests without end', 'malformed', () => Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)],
  ])('%s → %s', async (_name, code, make) => {
    const bytes = await make();

    expect(await refusal(() => openApproval(bytes, mine))).toBe(code);
  });

  it('keeps when each plan was let pass first', async () => {
    const first = '2026-11-20T03:00:00Z';
    const plans = [
      { ...PLANS[0]!, approvedAt: first },
      { digest: 'b'.repeat(64), text: 'other' },
    ];
    const { bytes } = await makeApproval({ bundle: bundle.statement, plans, approvedAt }, signer);

    expect((await openApproval(bytes, mine)).plans.map((plan) => plan.approvedAt)).toEqual([first, approvedAt]);
  });

  it.each<[string, unknown]>([
    ['that nobody says', undefined],
    ['of no clock', '2026-13-40T99:99:99Z'],
    ['of a day that is none', '2026-02-30T03:00:00.000Z'],
    ['of another zone', '2026-11-26T03:00:00+01:00'],
    ['as a number', 1_795_662_000_000],
    ['with more behind it', '2026-11-26T03:00:00Z\n'],
  ])('signed, with a time of a plan %s → malformed', async (_name, time) => {
    const { plans, ...rest } = approval.statement;
    const statement = { ...rest, plans: plans.map((plan) => ({ ...plan, approvedAt: time })) };
    const envelope = await seal('application/vnd.trueup.approval+json', statement, signer);

    expect(await refusal(() => openApproval(bytesOf({ ...parts, envelope }), mine))).toBe('malformed');
  });

  it('is refused with any bit flipped, and wherever it is cut off', async () => {
    const taken: number[] = [];
    for (let at = 0; at < approval.bytes.length; at += 1) {
      const flipped = Buffer.from(approval.bytes);
      flipped.writeUInt8((flipped[at] ?? 0) ^ 1, at);
      if ((await refusal(() => openApproval(flipped, mine))) === 'taken') taken.push(at);
      if ((await refusal(() => openApproval(approval.bytes.subarray(0, at), mine))) === 'taken') taken.push(-at);
    }

    expect(taken).toEqual([]);
  });
});

describe('T72: a signature that is none of ECDSA on P-256', () => {
  const ofBundle = envelopeIn(bundle.bytes);
  const { envelope: ofApproval, plans } = JSON.parse(Buffer.from(approval.bytes).toString()) as {
    readonly envelope: Envelope;
    readonly plans: readonly string[];
  };
  const octets = (length: number): string => Buffer.alloc(length, 0x30).toString('base64');

  it.each([
    ['empty', ''],
    ['of 7 octets', octets(7)],
    ['of 73 octets', octets(73)],
    ['of 7,000 octets', octets(7000)],
    ['no base64', '!!!!'],
    ['base64 with white space', `${octets(70)}\n`],
    ['base64 of the other alphabet', '__--'.repeat(24)],
    ['base64 without its padding', octets(70).replace(/=+$/, '')],
    ['base64 with bits to spare', 'QR=='.padStart(96, 'A')],
  ])('%s → bad-signature, and the key is not asked', async (_name, sig) => {
    const verify = vi.fn<typeof keys.verify>(keys.verify);
    const signatures = [{ keyid: KEY, sig }];
    const forgedApproval = Buffer.from(canonicalJson({ plans, envelope: { ...ofApproval, signatures } }));
    const mine = { ...expected, verify };

    expect(await refusal(() => verifyBundle(withEnvelope(bundle.bytes, { ...ofBundle, signatures }), mine))).toBe(
      'bad-signature',
    );
    expect(await refusal(() => openApproval(forgedApproval, mine))).toBe('bad-signature');
    expect(verify).not.toHaveBeenCalled();
  });

  it('shortest and longest are for the key to judge', async () => {
    const verify = vi.fn<typeof keys.verify>(async () => true);
    const opened = [8, 72].map((length) =>
      verifyBundle(withEnvelope(bundle.bytes, { ...ofBundle, signatures: [{ keyid: KEY, sig: octets(length) }] }), {
        ...expected,
        verify,
      }),
    );

    expect(await Promise.all(opened)).toEqual([bundle.statement, bundle.statement]);
    expect(verify).toHaveBeenCalledTimes(2);
  });
});
