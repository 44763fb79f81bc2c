import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeApproval } from '../../src/bundle/approval.ts';
import { makeBundle } from '../../src/bundle/bundle.ts';
import type { BundleOrigin } from '../../src/bundle/bundle.ts';
import type { Signer } from '../../src/bundle/dsse.ts';
import { gzipHeader, splitGzip } from '../../src/bundle/gzip.ts';
import { readTree } from '../../src/engine/config/tree.ts';
import { join } from 'node:path';
import { createLoopEstate, KEY } from '../support/loop-estate.ts';
import type { LoopEstate } from '../support/loop-estate.ts';
import { signedAround } from '../support/bundles.ts';
import { rawTar } from '../support/tar-entries.ts';
import type { RawEntry } from '../support/tar-entries.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

// A function is loaded anew for every account, and several tests run beside each other.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const OFFICE = scheduleYaml(['every: rate(10 minutes)']);
const BUNDLE = 'estate.tar.gz';
const APPROVAL = `${BUNDLE}.approval.json`;
/** What it takes to find out that a configuration is not to be taken: nothing is asked on its behalf. */
const LOOKS = ['GetObject', 'Verify', 'ListTags'];

let estate: LoopEstate;
let good: Uint8Array;
let old: Uint8Array;
let approval: Uint8Array;
const ended: (() => Promise<void>)[] = [];

beforeAll(async () => {
  estate = await createLoopEstate({
    mode: 'apply',
    documents: { 'office.yaml': OFFICE },
    onFinished: (end) => void ended.push(end),
  });
  await estate.apply(await estate.plan());
  await estate.publish(6);
  old = await estate.object(BUNDLE);
  await estate.publish(7);
  good = await estate.object(BUNDLE);
  estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
  await estate.approve([await estate.plan()]);
  approval = await estate.object(APPROVAL);
  await estate.run();
  return async () => {
    for (const end of ended) await end();
  };
});

/** Signed by a key of somebody's own, under any key's name. */
function forger(keyId: string): Signer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keyId, sign: async (bytes) => sign('sha256', bytes, privateKey) };
}

async function origin(generation: number): Promise<BundleOrigin> {
  const { estate: named } = await estate.load();
  return {
    owner: named.firstOwner,
    commit: 'f'.repeat(40),
    committedAt: '2026-11-24T09:00:00Z',
    generation,
  };
}

async function forged(keyId: string, generation: number): Promise<Uint8Array> {
  const { files } = await readTree(join(estate.directory, 'config'));
  return (await makeBundle(files, await origin(generation), forger(keyId))).bytes;
}

/** Signed by the right key, around an archive that nobody's \`publish\` makes. */
async function signedTar(...entries: readonly RawEntry[]): Promise<Uint8Array> {
  return signedAround(rawTar(entries), { ...(await origin(9)), files: entries.length }, estate.signer);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** Calls that a run made, by name, each once. */
async function callsOf(
  run: () => Promise<unknown>,
): Promise<{ readonly answer: unknown; readonly calls: readonly string[] }> {
  const before = new Set(estate.account.events().map(({ eventID }) => eventID));
  const answer = await run();
  const made = estate.account.events().filter(({ eventID }) => !before.has(eventID));
  return {
    answer,
    calls: [
      ...new Set(made.filter(({ eventSource }) => !eventSource.startsWith('logs.')).map(({ eventName }) => eventName)),
    ],
  };
}

/** The octets with another signature in their envelope, wherever that stands. */
function resigned(bytes: Uint8Array, sig: string): Uint8Array {
  const isBundle = bytes[0] === 0x1f;
  const { envelope, body } = isBundle ? splitGzip(bytes) : { envelope: bytes, body: new Uint8Array() };
  const text = Buffer.from(envelope)
    .toString()
    .replace(/"sig":"[^"]*"/, `"sig":"${sig}"`);
  return isBundle ? Buffer.concat([gzipHeader(Buffer.from(text)), body]) : Buffer.from(text);
}

describe('T72 a configuration that is not what was signed', () => {
  const cases: readonly (readonly [string, string, () => Promise<Uint8Array> | Uint8Array])[] = [
    ['octets of its contents swapped', 'altered', () => flipped(good, good.length - 20)],
    ['an octet of its envelope swapped', 'unsigned', () => flipped(good, 20)],
    ['cut off', 'malformed', () => good.subarray(0, 30)],
    ['no bundle at all', 'malformed', () => Buffer.from('hello')],
    ['signed by another key', 'wrong-key', () => forged(KEY.replace('1234abcd', 'ffffffff'), 9)],
    ['a higher generation, signed by nobody who may', 'bad-signature', () => forged(KEY, 9)],
    ['rolled back', 'rolled-back', () => old],
    ['an entry that leads out', 'hostile-entry', () => signedTar({ name: '../settings.yaml', content: 'x' })],
    ['a link', 'hostile-entry', () => signedTar({ name: 'settings.yaml', type: '2', linkname: '/proc/self/environ' })],
    ['an absolute name', 'hostile-entry', () => signedTar({ name: '/etc/passwd.yaml', content: 'x' })],
  ];

  it.each(cases)('T72 %s: %s, nothing is asked of the account, and a metric', async (_what, code, bytes) => {
    await estate.put(BUNDLE, await bytes());

    const { answer, calls } = await callsOf(() => estate.run());

    expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: expect.stringMatching(new RegExp(code)) } });
    expect(calls.filter((name) => !LOOKS.includes(name) && name !== 'PutObject')).toEqual([]);
    expect((await estate.lines()).at(-1)).toMatchObject({ outcome: 'refused', Failed: 1, Refused: 1 });
    await estate.put(BUNDLE, good);
  });

  it.each([
    ['altered', () => flipped(approval, approval.length - 40)],
    [
      'signed by nobody who may',
      async () => {
        const bundle = {
          format: 'trueup/bundle@1',
          ...(await origin(7)),
          digest: '0'.repeat(64),
          files: 1,
          bytes: 1,
        } as const;
        return (await makeApproval({ bundle, plans: [], approvedAt: '2026-11-24T09:30:00Z' }, forger(KEY))).bytes;
      },
    ],
    ['no approval at all', () => Buffer.from('{}')],
  ] as const)(
    'T72 an approval that is %s: the run is refused, and nothing is asked of the account',
    async (_what, bytes) => {
      await estate.put(APPROVAL, await bytes());

      const { answer, calls } = await callsOf(() => estate.run());

      expect(answer).toMatchObject({ outcome: 'refused', applied: 0 });
      expect(calls.filter((name) => !LOOKS.includes(name) && name !== 'PutObject')).toEqual([]);
      expect((await estate.lines()).at(-1)).toMatchObject({ outcome: 'refused', Failed: 1, Refused: 1 });
      await estate.put(APPROVAL, approval);
    },
  );

  it.each([
    [BUNDLE, 'empty', '', () => good],
    [BUNDLE, 'over-long', Buffer.alloc(7000).toString('base64'), () => good],
    [APPROVAL, 'empty', '', () => approval],
    [APPROVAL, 'over-long', Buffer.alloc(7000).toString('base64'), () => approval],
  ] as const)('T72 %s with an %s signature is refused, and the key is not asked', async (key, _what, sig, bytes) => {
    await estate.put(key, resigned(bytes(), sig));

    const { answer, calls } = await callsOf(() => estate.run());

    expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: 'bad-signature' } });
    // The bundle's own signature holds, where it is the approval's that does not.
    expect(calls.includes('Verify')).toBe(key === APPROVAL);
    expect((await estate.lines()).at(-1)).toMatchObject({ outcome: 'refused', Failed: 1, Refused: 1 });
    await estate.put(key, bytes());
  });

  it('T45 an approval of an earlier bundle approves nothing of this one', async () => {
    await estate.publish(8);
    expect(await estate.run()).toMatchObject({
      generation: 8,
      applied: 0,
      left: [{ document: 'InstanceSchedule/office-hours', why: 'not-applied' }],
    });
  });
});

describe('T71 an event of somebody else’s making', () => {
  const RUN = '01234567-89ab-cdef-0123-456789abcdef';
  const MAIN = 'ReconcileLoop/main';

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['a text', 'run'],
    ['no document', { action: 'run' }],
    ['another document', { action: 'run', document: 'ReconcileLoop/other' }],
    ['another action', { action: 'apply', document: MAIN }],
    ['a bundle of its own', { action: 'run', document: MAIN, bucket: 'evil', key: 'x' }],
    ['a mode of its own', { action: 'run', document: MAIN, mode: 'apply' }],
    ['a run where none is gone on with', { action: 'run', document: MAIN, run: RUN }],
    ['no run', { action: 'continue', document: MAIN, part: 2 }],
    ['a run that is no id', { action: 'continue', document: MAIN, run: '../x', part: 2 }],
    ['no action', { document: MAIN }],
    ['an action that is no text', { action: 1, document: MAIN }],
    ['an action in other letters', { action: 'Run', document: MAIN }],
    ['a document that is no text', { action: 'run', document: [MAIN] }],
    ['a document in other letters', { action: 'run', document: 'reconcileloop/main' }],
    ['a document with a space behind it', { action: 'run', document: `${MAIN} ` }],
    ['a document of another kind', { action: 'run', document: 'InstanceSchedule/main' }],
    ['an account', { action: 'run', document: MAIN, account: '444455556666' }],
    ['a commit', { action: 'run', document: MAIN, commit: 'f'.repeat(40) }],
    ['a generation', { action: 'run', document: MAIN, generation: 99 }],
    ['an approval', { action: 'run', document: MAIN, approvals: { bucket: 'evil', key: 'x' } }],
    ['kinds of its own', { action: 'run', document: MAIN, onlyKinds: [] }],
    ['a run in capitals', { action: 'continue', document: MAIN, run: RUN.toUpperCase(), part: 2 }],
    ['an empty run', { action: 'continue', document: MAIN, run: '', part: 2 }],
    ['no part', { action: 'continue', document: MAIN, run: RUN }],
    ['a part between two', { action: 'continue', document: MAIN, run: RUN, part: 2.5 }],
    ['a run of another document', { action: 'continue', document: 'ReconcileLoop/other', run: RUN, part: 2 }],
    ['more than a run needs', { action: 'continue', document: MAIN, run: RUN, part: 2, mode: 'apply' }],
    ['a first part', { action: 'continue', document: MAIN, run: RUN, part: 1 }],
    ['a part that is no number', { action: 'continue', document: MAIN, run: RUN, part: '2' }],
  ])('T71 %s: counted, 0 calls', async (_what, event) => {
    const { answer, calls } = await callsOf(() => estate.run(event as object));

    expect(answer).toEqual({ outcome: 'refused-event', why: expect.any(String) });
    expect(calls).toEqual([]);
    expect((await estate.lines()).at(-1)).toMatchObject({ RefusedEvents: 1, outcome: 'refused-event' });
  });

  it('T71 a run that nobody began: nothing is done', async () => {
    const { answer } = await callsOf(() => estate.run({ action: 'continue', document: MAIN, run: RUN, part: 2 }));
    expect(answer).toMatchObject({ outcome: 'busy', documents: 0 });
  });
});
