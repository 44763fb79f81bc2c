import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  InvalidKeyUsageException,
  KMSClient,
  KMSInvalidSignatureException,
  ListResourceTagsCommand,
  MalformedPolicyDocumentException,
  NotFoundException,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  VerifyCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import type { CreateKeyRequest, SignRequest, VerifyRequest } from '@aws-sdk/client-kms';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddedError, openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ACCOUNT = '111122223333';
const REGION = { region: 'eu-west-1' };
const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${ID}`;
const DAY = 86_400_000;
const START = Date.parse('2026-11-24T10:00:00Z');
const MESSAGE = Buffer.from('the estate');
const DIGEST = createHash('sha256').update(MESSAGE).digest();
const ECDSA = { KeyId: ARN, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const TEAM = { TagKey: 'team', TagValue: 'network' };

/** An account with the signing key of ARN. */
function open(options: EmbeddedOptions = {}) {
  const account = openEmbedded('memory', { now: () => START, ...options });
  account.putSigningKey(ARN);
  const client = account.client(KMSClient, REGION);
  return {
    account,
    client,
    create: async (rest: Partial<CreateKeyRequest> = {}) =>
      (await client.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', ...rest })))
        .KeyMetadata!,
    sign: async (rest: Partial<SignRequest> = {}) =>
      (await client.send(new SignCommand({ ...ECDSA, Message: MESSAGE, ...rest }))).Signature!,
    verify: (Signature: Uint8Array, rest: Partial<VerifyRequest> = {}) =>
      client.send(new VerifyCommand({ ...ECDSA, Message: MESSAGE, Signature, ...rest })),
    state: async (KeyId = ARN) => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!.KeyState,
    async publicKey(KeyId = ARN) {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      return createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
    },
  };
}

describe('a key', () => {
  it('is made, looked at and listed', async () => {
    const { account, client, create } = open();
    const made = await create({ Description: 'signs bundles', Tags: [TEAM] });

    expect(made.Arn).toBe(`arn:aws:kms:eu-west-1:${ACCOUNT}:key/${made.KeyId}`);
    expect(made.KeyId).toMatch(/^[0-9a-f-]{36}$/);
    const expected = {
      AWSAccountId: ACCOUNT,
      Description: 'signs bundles',
      Enabled: true,
      KeySpec: 'ECC_NIST_P256',
      KeyState: 'Enabled',
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['ECDSA_SHA_256'],
      CreationDate: new Date(START),
    };
    expect(made).toMatchObject(expected);
    for (const KeyId of [made.KeyId!, made.Arn!]) {
      expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject(expected);
    }

    for (let index = 0; index < 3; index += 1) await create();
    await account.client(KMSClient, { region: 'us-east-1' }).send(new CreateKeyCommand({}));
    const pages: (string | undefined)[][] = [];
    for await (const { Keys = [] } of paginateListKeys({ client, pageSize: 2 }, {})) {
      pages.push(Keys.map(({ KeyArn }) => KeyArn));
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat()).size).toBe(5);
    expect(pages.flat()).toEqual(expect.arrayContaining([ARN, made.Arn]));
  });

  it('without a specification is symmetric: it neither signs nor has a public key', async () => {
    const { client, sign: signWith } = open();
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    const { KeyId } = KeyMetadata!;

    expect(KeyMetadata).toMatchObject({ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' });
    expect(await errorOf(signWith({ KeyId }))).toBeInstanceOf(InvalidKeyUsageException);
    expect((await errorOf(client.send(new GetPublicKeyCommand({ KeyId })))).name).toBe('UnsupportedOperationException');
  });

  it.each<[string, Partial<CreateKeyRequest>, string]>([
    ['without a usage', { KeyUsage: undefined }, 'ValidationException'],
    ['for MACs', { KeyUsage: 'GENERATE_VERIFY_MAC' }, 'ValidationException'],
    ['for key agreement', { KeyUsage: 'KEY_AGREEMENT' }, 'NotEmbedded'],
    ['symmetric, to sign', { KeySpec: 'SYMMETRIC_DEFAULT' }, 'ValidationException'],
    ['of 4096 bits', { KeySpec: 'RSA_4096' }, 'NotEmbedded'],
    ['for several Regions', { MultiRegion: true }, 'NotEmbedded'],
    ['of imported material', { Origin: 'EXTERNAL' }, 'NotEmbedded'],
    ['in a key store', { CustomKeyStoreId: 'cks-1' }, 'NotEmbedded'],
    ['under a policy that is none', { Policy: '{' }, 'MalformedPolicyDocumentException'],
    ['under a policy of more than 32 KB', { Policy: ' '.repeat(32_769) }, 'LimitExceededException'],
    ['with a tag of AWS', { Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException'],
    ['with a long description', { Description: 'x'.repeat(8193) }, 'ValidationException'],
  ])('is not made %s', async (_what, rest, name) => {
    expect((await errorOf(open().create(rest))).name).toBe(name);
  });

  it.each([
    ['1234abcd-12ab-34cd-56ef-1234567890ac', /does not exist$/],
    [ARN.replace('eu-west-1', 'us-east-1'), /^Invalid arn us-east-1$/],
    ['alias/estate', /is not found/],
    [`arn:aws:kms:eu-west-1:${ACCOUNT}:alias/estate`, /is not found/],
    ['estate', /^Invalid keyId/],
  ])('is not found as %s', async (KeyId, message) => {
    const error = await errorOf(open().client.send(new DescribeKeyCommand({ KeyId })));

    expect(error).toBeInstanceOf(NotFoundException);
    expect(error.message).toMatch(message);
  });

  it('is put into the account under a given ARN, once, or with a given private key', async () => {
    const { account, publicKey } = open();
    const first = await publicKey();
    account.putSigningKey(ARN);
    expect((await publicKey()).equals(first)).toBe(true);

    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    account.putSigningKey(ARN, pair.privateKey.export({ type: 'sec1', format: 'pem' }).toString());

    expect((await publicKey()).equals(pair.publicKey)).toBe(true);
  });

  it('is made up once where there is none, and not for an ARN of what is not modelled', async () => {
    const other = ARN.replace('1234abcd', 'ffffabcd');
    const { account, publicKey } = open();
    const first = await publicKey();
    expect([ARN, other, other, ARN.replace('key/', 'key/mrk-')].map((arn) => account.inventSigningKey(arn))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect((await publicKey()).equals(first)).toBe(true);
    const { Signature } = await account
      .client(KMSClient, REGION)
      .send(new SignCommand({ ...ECDSA, KeyId: other, Message: MESSAGE }));
    expect(Signature?.length).toBeGreaterThan(0);
  });

  it('is kept in the account file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kms-')), 'account.json');
    const options = { now: () => START };
    const first = openEmbedded(file, options);
    first.putSigningKey(ARN);
    const message = { ...ECDSA, Message: MESSAGE };
    const { Signature } = await first.client(KMSClient, REGION).send(new SignCommand(message));
    first.close();

    const second = openEmbedded(file, options);
    onTestFinished(() => second.close());
    const client = second.client(KMSClient, REGION);

    expect(await client.send(new VerifyCommand({ ...message, Signature }))).toMatchObject({ SignatureValid: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no ARN', 'alias/estate', undefined],
    ['no key', ARN, 'nothing'],
    [
      'another curve',
      ARN,
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('is not put with %s', (_what, arn, privateKey) => {
    expect(() => open().account.putSigningKey(arn, privateKey)).toThrow(EmbeddedError);
  });
});

describe('a signature', () => {
  it('verifies with the public key outside of KMS, and one made outside verifies in KMS', async () => {
    const { account, publicKey, sign: signWith, verify: verifyWith } = open();
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    account.putSigningKey(ARN, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

    expect(verify('sha256', MESSAGE, await publicKey(), await signWith())).toBe(true);
    expect(await verifyWith(sign('sha256', MESSAGE, pair.privateKey))).toMatchObject({
      KeyId: ARN,
      SignatureValid: true,
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
  });

  it('of a message is one of its digest', async () => {
    const { sign: signWith, verify: verifyWith } = open();

    await verifyWith(await signWith({ Message: DIGEST, MessageType: 'DIGEST' }));
    await verifyWith(await signWith(), { Message: DIGEST, MessageType: 'DIGEST' });
    expect(await errorOf(verifyWith(await signWith({ Message: DIGEST })))).toBeInstanceOf(KMSInvalidSignatureException);
  });

  it('of another message, another key or another form is invalid', async () => {
    const { create, sign: signWith, verify: verifyWith } = open();
    const other = await create();
    const signature = await signWith();

    const fails = [
      verifyWith(signature, { Message: Buffer.from('another') }),
      verifyWith(signature, { KeyId: other.Arn! }),
      verifyWith(signature.subarray(1)),
    ];
    for (const error of await Promise.all(fails.map(errorOf))) {
      expect(error).toBeInstanceOf(KMSInvalidSignatureException);
    }
  });

  it.each<[string, Partial<SignRequest>, string]>([
    ['nothing', { Message: new Uint8Array() }, 'ValidationException'],
    ['4097 bytes', { Message: new Uint8Array(4097) }, 'ValidationException'],
    ['a digest that is too long', { Message: new Uint8Array(48), MessageType: 'DIGEST' }, 'ValidationException'],
    ['a digest that is too short', { Message: new Uint8Array(31), MessageType: 'DIGEST' }, 'ValidationException'],
    ['an algorithm of another key', { SigningAlgorithm: 'RSASSA_PSS_SHA_256' }, 'InvalidKeyUsageException'],
    ['a longer hash', { SigningAlgorithm: 'ECDSA_SHA_384' }, 'InvalidKeyUsageException'],
    ['a grant', { GrantTokens: ['token'] }, 'NotEmbedded'],
    ['a dry run', { DryRun: true }, 'NotEmbedded'],
  ])('is refused for %s, made or verified', async (_what, rest, name) => {
    const { sign: signWith, verify: verifyWith } = open();

    expect((await errorOf(signWith(rest))).name).toBe(name);
    expect((await errorOf(verifyWith(new Uint8Array(70), rest))).name).toBe(name);
  });

  it('is made of 4096 bytes', async () => {
    const { sign: signWith, verify: verifyWith } = open();
    const Message = new Uint8Array(4096);

    await expect(verifyWith(await signWith({ Message }), { Message })).resolves.toMatchObject({ SignatureValid: true });
  });

  it('has 1 to 6144 bytes', async () => {
    const { verify: verifyWith } = open();

    expect((await errorOf(verifyWith(new Uint8Array()))).name).toBe('ValidationException');
    expect((await errorOf(verifyWith(new Uint8Array(6145)))).name).toBe('ValidationException');
    expect((await errorOf(verifyWith(new Uint8Array(6144)))).name).toBe('KMSInvalidSignatureException');
  });

  it('by RSA is one of its algorithm', async () => {
    const { create, sign: signWith, verify: verifyWith } = open();
    const { KeyId, SigningAlgorithms = [] } = await create({ KeySpec: 'RSA_2048' });

    expect(SigningAlgorithms).toHaveLength(6);
    for (const SigningAlgorithm of SigningAlgorithms) {
      const Signature = await signWith({ KeyId, SigningAlgorithm });
      expect(await verifyWith(Signature, { KeyId, SigningAlgorithm })).toMatchObject({ SignatureValid: true });
      const other = SigningAlgorithms.find((one) => one !== SigningAlgorithm)!;
      const error = await errorOf(verifyWith(Signature, { KeyId, SigningAlgorithm: other }));
      expect(error).toBeInstanceOf(KMSInvalidSignatureException);
    }
  });
});

describe('the state of a key', () => {
  it('is disabled and enabled', async () => {
    const { client, publicKey, sign: signWith, state, verify: verifyWith } = open();
    const signature = await signWith();
    await client.send(new DisableKeyCommand({ KeyId: ID }));

    expect(await state()).toBe('Disabled');
    for (const call of [signWith(), verifyWith(signature), publicKey()]) {
      expect((await errorOf(call)).name).toBe('DisabledException');
    }
    await client.send(new TagResourceCommand({ KeyId: ID, Tags: [TEAM] }));
    await client.send(new EnableKeyCommand({ KeyId: ID }));
    await expect(verifyWith(signature)).resolves.toMatchObject({ SignatureValid: true });
  });

  it('waits for its deletion, which may be called off', async () => {
    const { client, publicKey, sign: signWith, state } = open();
    expect(await client.send(new ScheduleKeyDeletionCommand({ KeyId: ID, PendingWindowInDays: 7 }))).toMatchObject({
      KeyId: ARN,
      DeletionDate: new Date(START + 7 * DAY),
      KeyState: 'PendingDeletion',
    });

    expect(await state()).toBe('PendingDeletion');
    const refused = [
      signWith(),
      publicKey(),
      client.send(new EnableKeyCommand({ KeyId: ID })),
      client.send(new DisableKeyCommand({ KeyId: ID })),
      client.send(new TagResourceCommand({ KeyId: ID, Tags: [TEAM] })),
      client.send(new UntagResourceCommand({ KeyId: ID, TagKeys: ['team'] })),
      client.send(new ScheduleKeyDeletionCommand({ KeyId: ID })),
    ];
    for (const error of await Promise.all(refused.map(errorOf))) expect(error.name).toBe('KMSInvalidStateException');

    await client.send(new CancelKeyDeletionCommand({ KeyId: ID }));
    expect(await state()).toBe('Disabled');
    expect((await errorOf(client.send(new CancelKeyDeletionCommand({ KeyId: ID })))).name).toBe(
      'KMSInvalidStateException',
    );
  });

  it('ends after 30 days, or as many as were said', async () => {
    const { account, client, state } = open();
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: ID }));
    account.elapse(30 * DAY - 1);
    expect(await state()).toBe('PendingDeletion');
    account.elapse(1);

    expect(await errorOf(state())).toBeInstanceOf(NotFoundException);
    for await (const { Keys } of paginateListKeys({ client }, {})) expect(Keys).toEqual([]);
  });

  it.each([6, 31])('does not end after %s days', async (PendingWindowInDays) => {
    const { client } = open();
    const error = await errorOf(client.send(new ScheduleKeyDeletionCommand({ KeyId: ID, PendingWindowInDays })));
    expect(error.name).toBe('ValidationException');
  });
});

describe('around a key', () => {
  it('tags are written, replaced and taken away, and the tagging API lists them', async () => {
    const { account, client } = open();
    const Tags = [TEAM, { TagKey: 'a', TagValue: 'b' }];
    await client.send(new TagResourceCommand({ KeyId: ARN, Tags }));
    await client.send(new TagResourceCommand({ KeyId: ID, Tags: [{ TagKey: 'a', TagValue: 'c' }] }));

    const first = await client.send(new ListResourceTagsCommand({ KeyId: ID, Limit: 1 }));
    expect(first).toMatchObject({ Tags: [{ TagKey: 'a', TagValue: 'c' }], Truncated: true });
    const rest = await client.send(new ListResourceTagsCommand({ KeyId: ID, Marker: first.NextMarker }));
    expect(rest).toMatchObject({ Tags: [TEAM], Truncated: false });

    await client.send(new UntagResourceCommand({ KeyId: ID, TagKeys: ['a', 'none'] }));
    const tagging = account.client(ResourceGroupsTaggingAPIClient, REGION);
    const listed = await tagging.send(new GetResourcesCommand({ ResourceTypeFilters: ['kms:key'] }));
    expect(listed.ResourceTagMappingList).toEqual([{ ResourceARN: ARN, Tags: [{ Key: 'team', Value: 'network' }] }]);
  });

  it('the policy is the default one until another is put', async () => {
    const { client } = open();
    const policy = async () => (await client.send(new GetKeyPolicyCommand({ KeyId: ID }))).Policy!;
    const first = JSON.parse(await policy()) as { Statement: object[] };
    expect(first).toMatchObject({
      Id: 'key-default-1',
      Statement: [{ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
    });

    const Policy = JSON.stringify({ ...first, Id: 'mine' });
    await client.send(new PutKeyPolicyCommand({ KeyId: ID, PolicyName: 'default', Policy }));

    expect(await policy()).toBe(Policy);
    const other = client.send(new GetKeyPolicyCommand({ KeyId: ID, PolicyName: 'other' }));
    expect(await errorOf(other)).toBeInstanceOf(NotFoundException);
  });

  it('a policy that locks its writer out is refused, unless he says so', async () => {
    const { client, state } = open();
    const Principal = { AWS: 'arn:aws:iam::444455556666:root' };
    const statement = { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statement });
    const put = (BypassPolicyLockoutSafetyCheck?: boolean) =>
      client.send(new PutKeyPolicyCommand({ KeyId: ID, Policy, BypassPolicyLockoutSafetyCheck }));

    expect(await errorOf(put())).toBeInstanceOf(MalformedPolicyDocumentException);
    await put(true);

    expect((await errorOf(state())).name).toBe('AccessDeniedException');
  });

  it('the trail has neither what was signed nor the signature', async () => {
    const { account, sign: signWith, verify: verifyWith } = open();
    const signature = await signWith({ KeyId: ID });
    await verifyWith(signature, { Message: DIGEST, MessageType: 'DIGEST' });

    expect(account.events().map((event) => [event.eventName, event.readOnly, event.requestParameters])).toEqual([
      ['Sign', true, { keyId: ID, messageType: 'RAW', signingAlgorithm: 'ECDSA_SHA_256' }],
      ['Verify', true, { keyId: ARN, messageType: 'DIGEST', signingAlgorithm: 'ECDSA_SHA_256' }],
    ]);
    const trail = account.client(CloudTrailClient, REGION);
    const found = await trail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: ARN }] }),
    );
    expect(found.Events?.map(({ EventName }) => EventName)).toEqual(['Verify', 'Sign']);
  });

  it('faults strike as in any service', async () => {
    const { sign: signWith } = open({ faults: [{ service: 'kms', command: 'Sign', fault: 'access-denied' }] });

    expect((await errorOf(signWith())).name).toBe('AccessDeniedException');
    await signWith();
  });
});
