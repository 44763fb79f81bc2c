import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBundle, openBundle } from '../../src/bundle/bundle.ts';
import { canonicalJson } from '../../src/bundle/canonical-json.ts';
import type { Envelope } from '../../src/bundle/dsse.ts';
import { gzipHeader, splitGzip } from '../../src/bundle/gzip.ts';
import { PublishError } from '../../src/operations/errors.ts';
import { publish } from '../../src/operations/publish.ts';
import { loadConfig } from '../../src/operations/project.ts';
import { connect } from '../../src/operations/world.ts';
import { kmsSigner, kmsVerify } from '../../src/resources/signing.ts';
import { temporaryDirectory } from '../config/tree.ts';
import { file, ORIGIN } from '../support/bundles.ts';
import {
  APPROVAL,
  BUCKET,
  BUNDLE,
  createPublisher,
  loop,
  OTHER_SIGNING_KEY,
  refused,
  REGION,
  SIGNING_KEY,
} from '../support/publisher.ts';
import type { Publisher } from '../support/publisher.ts';
import { serviceFault, tapped } from '../support/wiretap.ts';

const PLACE = { account: '111122223333', ...REGION };

async function run({ project, endpoint }: Publisher, options: { readonly only?: readonly string[] } = {}) {
  return publish(await project(), { endpoint, ...options });
}

async function opened(publisher: Publisher) {
  const aws = connect(await publisher.project(), { endpoint: publisher.endpoint, role: 'caller' });
  const expected = { owner: 'acme-network', keyId: SIGNING_KEY, verify: kmsVerify(aws, PLACE) };
  return openBundle((await publisher.object(BUNDLE))!, expected);
}

/** What somebody who may sign puts there. */
async function putSigned(publisher: Publisher, generation: number, keyId = SIGNING_KEY): Promise<void> {
  const aws = connect(await publisher.project(), { endpoint: publisher.endpoint, role: 'caller' });
  const origin = { ...ORIGIN, generation };
  const { bytes } = await makeBundle([file('settings.yaml', 'other: 1\n')], origin, kmsSigner(aws, PLACE, keyId));
  await publisher.put(BUNDLE, bytes);
}

describe('publish', () => {
  it('puts the committed tree where the loop reads it, signed by its key', async () => {
    const publisher = await createPublisher();
    publisher.repository.write('config/deep/zwölf.yaml', '# nothing\n');
    const commit = publisher.repository.commit();

    const result = await run(publisher);
    const { statement, files } = await opened(publisher);

    const committedAt = publisher.repository.git('show', '--no-patch', '--format=%cI', 'HEAD');
    expect(statement).toMatchObject({ owner: 'acme-network', commit, generation: 2, files: 3 });
    expect(Date.parse(statement.committedAt)).toBe(Date.parse(committedAt));
    expect(files.map(({ name }) => name)).toEqual(['deep/zwölf.yaml', 'loop.yaml', 'settings.yaml']);
    expect(Buffer.from(files[1]!.bytes).toString()).toBe(loop('main'));
    expect(result).toEqual({
      format: 'trueup/publish@1',
      owner: 'acme-network',
      bundles: [
        {
          document: 'ReconcileLoop/main',
          bucket: BUCKET,
          key: BUNDLE,
          digest: statement.digest,
          generation: 2,
          commit,
          committedAt: statement.committedAt,
          action: 'published',
          approvable: true,
        },
      ],
      calls: { KMS: { reads: 1, writes: 0 }, S3: { reads: 1, writes: 1 }, STS: { reads: 1, writes: 0 } },
    });
    expect(await publisher.object(APPROVAL)).toBeUndefined();
  });

  it('holds what git holds: the carriage returns of a checkout are not in it', async () => {
    const publisher = await createPublisher();
    const before = await run(publisher);
    publisher.repository.write('config/loop.yaml', loop('main').replaceAll('\n', '\r\n'));

    const after = await run(publisher);

    expect(after.bundles[0]).toEqual({ ...before.bundles[0], action: 'unchanged' });
  });

  it('counts first parents: a merge of three commits is one generation', async () => {
    const publisher = await createPublisher();
    const { repository } = publisher;
    repository.git('checkout', '--quiet', '-b', 'feature');
    for (const name of ['a', 'b', 'c']) {
      repository.write(`config/${name}.yaml`, `# ${name}\n`);
      repository.commit();
    }
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--no-ff', '--message=merge', 'feature');

    const { bundles } = await run(publisher);

    expect(bundles[0]).toMatchObject({ generation: 2, action: 'published' });
  });

  it('T45 publishes anew what went and came back: what was approved of it before does not count any more', async () => {
    const publisher = await createPublisher();
    const { repository } = publisher;
    const before = await run(publisher);
    repository.write('config/more.yaml', '# more\n');
    repository.commit();
    repository.git('rm', '--quiet', 'config/more.yaml');
    repository.commit();
    repository.write('README.md', 'x\n');
    repository.commit();

    const { bundles } = await run(publisher);

    const { digest, generation } = before.bundles[0]!;
    expect(bundles).toMatchObject([{ action: 'published', digest, generation: generation + 3 }]);
    expect(await run(publisher)).toMatchObject({ bundles: [{ action: 'unchanged', generation: generation + 3 }] });
  });

  it('says unchanged where the same tree lies there, and says what it replaced where another did', async () => {
    const publisher = await createPublisher();
    const first = await run(publisher);
    const bytes = await publisher.object(BUNDLE);
    publisher.repository.commit();
    const second = await run(publisher);

    expect(second.bundles[0]).toEqual({ ...first.bundles[0], action: 'unchanged' });
    expect(await publisher.object(BUNDLE)).toEqual(bytes);

    publisher.repository.write('config/more.yaml', '# more\n');
    publisher.repository.commit();
    const third = await run(publisher);
    const { commit, generation, digest } = first.bundles[0]!;
    expect(third.bundles[0]).toMatchObject({
      action: 'published',
      generation: 3,
      previous: { commit, generation, digest },
    });
  });

  it('writes an object that two loops read once, and each of two objects', async () => {
    const publisher = await createPublisher();
    publisher.repository.write('config/twin.yaml', loop('twin', { mode: 'report' }));
    publisher.repository.write(
      'config/other.yaml',
      loop('other', { key: 'other.tar.gz', signingKey: OTHER_SIGNING_KEY }),
    );
    publisher.repository.commit();

    const { bundles, calls } = await run(publisher);
    expect(bundles.map(({ document, key, action, approvable }) => [document, key, action, approvable])).toEqual([
      ['ReconcileLoop/main', BUNDLE, 'published', true],
      ['ReconcileLoop/other', 'other.tar.gz', 'published', true],
      ['ReconcileLoop/twin', BUNDLE, 'published', false],
    ]);
    expect(calls['S3']).toEqual({ reads: 2, writes: 2 });

    const { bundles: one } = await run(publisher, { only: ['*/other'] });
    expect(one.map(({ document }) => document)).toEqual(['ReconcileLoop/other']);
  });

  it('acts with the caller’s own credentials, and names the account that must own the bucket', async () => {
    const publisher = await createPublisher();
    const account = tapped(publisher.account, () => undefined);

    await publish(await publisher.project(), { endpoint: { kind: 'embedded', account } });

    expect(account.attempts.map(({ service, command }) => `${service} ${command}`)).toEqual([
      'STS GetCallerIdentity',
      'S3 GetObject',
      'KMS Sign',
      'S3 PutObject',
    ]);
    const ofBucket = account.attempts.filter(({ service }) => service === 'S3');
    expect(ofBucket.map(({ input }) => input['ExpectedBucketOwner'])).toEqual(['111122223333', '111122223333']);
    expect(ofBucket[1]!.input).toMatchObject({ IfNoneMatch: '*', ContentType: 'application/gzip' });
  });

  it('T66: asks nothing of S3 or KMS where the caller is of another account', async () => {
    const publisher = await createPublisher();
    const account = tapped(publisher.account, () => undefined, { caller: '444455556666' });

    await expect(publish(await publisher.project(), { endpoint: { kind: 'embedded', account } })).rejects.toMatchObject(
      {
        code: 'TU2001',
      },
    );
    expect(account.attempts.map(({ command }) => command)).toEqual(['GetCallerIdentity']);
  });
});

describe('publish refuses', () => {
  it.each<[string, string, (publisher: Publisher) => void]>([
    [
      'a file that is not committed',
      'TU3041 error',
      ({ repository }) => repository.write('config/new.yaml', '# new\n'),
    ],
    [
      'a file that was changed',
      'TU3041 error',
      ({ repository }) => repository.write('config/loop.yaml', loop('renamed')),
    ],
    [
      'a name that no archive holds',
      'TU3041 error',
      ({ repository }) => {
        repository.write('config/a\\b.yaml', '# new\n');
        repository.commit();
      },
    ],
    [
      'an estate without a loop',
      'TU3040 usage',
      ({ repository }) => {
        repository.git('rm', '--quiet', 'config/loop.yaml');
        repository.commit();
      },
    ],
  ])('%s: %s', async (_name, code, prepare) => {
    const publisher = await createPublisher();
    prepare(publisher);

    expect(await refused(run(publisher))).toBe(code);
    expect(await publisher.object(BUNDLE)).toBeUndefined();
  });

  it('a directory that is no repository, and one without a commit: TU3041', async () => {
    const publisher = await createPublisher();
    const directory = await temporaryDirectory();
    execFileSync('cp', ['-r', join(publisher.repository.directory, 'config'), directory]);
    const load = async () => (await loadConfig(join(directory, 'config'), { cwd: directory })).project!;

    expect(await refused(publish(await load(), { endpoint: publisher.endpoint }))).toBe('TU3041 error');
    execFileSync('git', ['init', '--quiet'], { cwd: directory });
    expect(await refused(publish(await load(), { endpoint: publisher.endpoint }))).toBe('TU3041 error');
  });

  it('a shallow clone: TU3042, and takes it once it is whole', async () => {
    const publisher = await createPublisher();
    publisher.repository.write('config/more.yaml', '# more\n');
    publisher.repository.commit();
    const directory = await temporaryDirectory();
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: directory, stdio: 'pipe' });
    git('clone', '--quiet', '--depth=1', `file://${publisher.repository.directory}`, 'clone');
    const load = async () => (await loadConfig(join(directory, 'clone/config'), { cwd: directory })).project!;
    const { endpoint } = publisher;

    expect(await refused(publish(await load(), { endpoint }))).toBe('TU3042 error');
    git('-C', 'clone', 'fetch', '--quiet', '--unshallow');
    expect((await publish(await load(), { endpoint })).bundles[0]).toMatchObject({ generation: 2 });
  });

  it.each<[string, string, (publisher: Publisher) => Promise<void>]>([
    [
      'what is not signed',
      'TU3043 error',
      (publisher) => publisher.put(BUNDLE, Buffer.from('kind: Settings, and more')),
    ],
    ['what another key signed', 'TU3043 error', (publisher) => putSigned(publisher, 0, OTHER_SIGNING_KEY)],
    ['a later generation', 'TU3044 stale', (publisher) => putSigned(publisher, 2)],
    ['the same generation with other contents', 'TU3045 stale', (publisher) => putSigned(publisher, 1)],
    ['an older generation, which it replaces', 'done', (publisher) => putSigned(publisher, 0)],
  ])('%s in its place: %s', async (_name, code, prepare) => {
    const publisher = await createPublisher();
    await prepare(publisher);
    const before = await publisher.object(BUNDLE);

    expect(await refused(run(publisher))).toBe(code);
    const isReplaced = Buffer.compare((await publisher.object(BUNDLE))!, before!) !== 0;
    expect(isReplaced).toBe(code === 'done');
  });

  it('an older commit also where its files are those that are published', async () => {
    const publisher = await createPublisher();
    publisher.repository.commit();
    await run(publisher);
    publisher.repository.git('reset', '--quiet', '--hard', 'HEAD^1');

    const refusal = await run(publisher).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(PublishError);
    expect(refusal).toMatchObject({
      code: 'TU3044',
      exit: 'stale',
      hint: expect.stringContaining(`aws s3 rm s3://${BUCKET}/${BUNDLE}`),
    });
  });

  it.each([
    ['no signature', ''],
    ['more than one of its kind', Buffer.alloc(7000, 0x30).toString('base64')],
    ['what is no base64', '!'],
  ])('what was published, with %s in its envelope: TU3043, and the key is not asked', async (_name, sig) => {
    const publisher = await createPublisher();
    await run(publisher);
    const { envelope, body } = splitGzip((await publisher.object(BUNDLE))!);
    const signed = JSON.parse(Buffer.from(envelope).toString()) as Envelope;
    const forged = { ...signed, signatures: [{ ...signed.signatures[0], sig }] };
    await publisher.put(BUNDLE, Buffer.concat([gzipHeader(Buffer.from(canonicalJson(forged))), body]));
    const account = tapped(publisher.account, () => undefined);

    const endpoint = { kind: 'embedded', account } as const;
    expect(await refused(publish(await publisher.project(), { endpoint }))).toBe('TU3043 error');
    expect(account.attempts.map(({ service }) => service)).toEqual(['STS', 'S3']);
  });

  it.each([
    ['made', 0],
    ['written again', 1],
  ])('an object that somebody else has %s in between: TU3046, and theirs stays', async (_name, times) => {
    const publisher = await createPublisher();
    for (let generation = 0; generation < times; generation += 1) await putSigned(publisher, generation);
    const account = tapped(publisher.account, async ({ command }) => {
      if (command === 'Sign') await publisher.put(BUNDLE, Buffer.from('theirs'));
    });

    const endpoint = { kind: 'embedded', account } as const;
    expect(await refused(publish(await publisher.project(), { endpoint }))).toBe('TU3046 stale');
    expect(Buffer.from((await publisher.object(BUNDLE))!).toString()).toBe('theirs');
  });

  it('no object that is its own: a lost reply is looked after', async () => {
    const publisher = await createPublisher();
    let lost = 0;
    const account = tapped(publisher.account, () => undefined, {
      answered({ command }) {
        if (command !== 'PutObject' || lost > 0) return;
        lost += 1;
        throw Object.assign(new Error('reset'), { name: 'TimeoutError', $metadata: {}, $retryable: {} });
      },
    });

    const endpoint = { kind: 'embedded', account } as const;
    expect((await publish(await publisher.project(), { endpoint })).bundles[0]).toMatchObject({ action: 'published' });
    expect(lost).toBe(1);
    expect((await opened(publisher)).statement.generation).toBe(1);
  });

  it.each([
    ['what AWS refuses', 'AccessDeniedException', 400, /^the caller needs s3:GetObject/],
    ['what AWS has no time for', 'ThrottlingException', 400, /run the same command again/],
    ['a fault of AWS', 'KMSInternalException', 500, /run the same command again/],
    ['a key that is switched off', 'DisabledException', 409, /the signing key .* then run the same command again/],
  ])('%s: TU3049, and what to do about it', async (_name, name, status, hint) => {
    const publisher = await createPublisher();
    const account = tapped(publisher.account, ({ command }) => {
      if (command === 'Sign') throw serviceFault(name, status);
    });

    const act = publish(await publisher.project(), { endpoint: { kind: 'embedded', account } });
    const refusal = await act.catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(PublishError);
    expect(refusal).toMatchObject({ code: 'TU3049', exit: 'error', hint: expect.stringMatching(hint) });
    const isAboutRights = (refusal as PublishError).hint.includes('kms:Sign');
    expect(isAboutRights).toBe(name === 'AccessDeniedException');
  });
});
