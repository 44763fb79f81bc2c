import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, allow, createIamBench, document } from '../support/embedded-iam.ts';
import type { Actor, IamBench } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${ID}`;
const FOREIGN = `arn:aws:kms:eu-west-1:444455556666:key/${ID}`;
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const ROLE = { AWS: `arn:aws:iam::${ACCOUNT}:role/user` };
const DENIED = 'AccessDeniedException';
const ALGORITHM = { SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const Message = new Uint8Array([1]);
const TEAM = { TagKey: 'team', TagValue: 'network' };

type Call = (client: KMSClient, KeyId?: string) => Promise<unknown>;

const policyOf = (...statements: readonly object[]): string => document(...statements);
const putPolicy =
  (Policy: string): Call =>
  (client, KeyId = ARN) =>
    client.send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true }));
const sign: Call = (client, KeyId = ARN) => client.send(new SignCommand({ ...ALGORITHM, KeyId, Message }));
const OPEN = policyOf({ ...allow('kms:*'), Principal: ROOT });

/** What nobody may whom the key's own account did not let; the rest of the table needs that account. */
const ABROAD: readonly (readonly [string, Call])[] = [
  ['kms:DescribeKey', (client, KeyId = ARN) => client.send(new DescribeKeyCommand({ KeyId }))],
  ['kms:GetPublicKey', (client, KeyId = ARN) => client.send(new GetPublicKeyCommand({ KeyId }))],
  ['kms:Sign', sign],
];
/** Service Authorization Reference, "AWS Key Management Service": the right, and a call that needs it. */
const AT_HOME: readonly (readonly [string, Call])[] = [
  ['kms:GetKeyPolicy', (client, KeyId = ARN) => client.send(new GetKeyPolicyCommand({ KeyId }))],
  ['kms:PutKeyPolicy', putPolicy(OPEN)],
  ['kms:ListResourceTags', (client, KeyId = ARN) => client.send(new ListResourceTagsCommand({ KeyId }))],
  ['kms:TagResource', (client, KeyId = ARN) => client.send(new TagResourceCommand({ KeyId, Tags: [TEAM] }))],
  ['kms:UntagResource', (client, KeyId = ARN) => client.send(new UntagResourceCommand({ KeyId, TagKeys: ['a'] }))],
  ['kms:DisableKey', (client, KeyId = ARN) => client.send(new DisableKeyCommand({ KeyId }))],
  ['kms:EnableKey', (client, KeyId = ARN) => client.send(new EnableKeyCommand({ KeyId }))],
  ['kms:ScheduleKeyDeletion', (client, KeyId = ARN) => client.send(new ScheduleKeyDeletionCommand({ KeyId }))],
];

/** A bench with the key, its administrator and a role `user` without rights. */
async function open() {
  const bench = createIamBench();
  bench.account.putSigningKey(ARN);
  const administrator = bench.account.client(KMSClient, REGION);
  const client = (await bench.assume(await bench.role('user'))).client(KMSClient);
  return { bench, administrator, client };
}

async function nameOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'allowed',
    (error: unknown) => (error as Error).name,
  );
}

describe('what IAM is asked about keys', () => {
  it.each([...ABROAD, ...AT_HOME])('%s on the key', async (action, call) => {
    const { bench, client } = await open();

    const { message, name } = await errorOf(call(client));
    expect([name, message]).toEqual([DENIED, expect.stringContaining(`perform: ${action} on resource: ${ARN} `)]);
    await bench.grant('user', allow(action, ARN.replace('1234abcd', '0000abcd')));
    expect(await nameOf(call(client))).toBe(DENIED);
    await bench.grant('user', allow(action, ARN));
    await expect(call(client)).resolves.toBeDefined();
    expect(await nameOf(call(client, ID))).not.toBe(DENIED);
  });

  it('kms:Verify does not sign, and kms:Sign does not verify', async () => {
    const { administrator, bench, client } = await open();
    const { Signature } = await administrator.send(new SignCommand({ ...ALGORITHM, KeyId: ARN, Message }));
    const verify = () => client.send(new VerifyCommand({ ...ALGORITHM, KeyId: ARN, Message, Signature }));

    await bench.grant('user', allow('kms:Verify', ARN));
    expect([await nameOf(verify()), await nameOf(sign(client))]).toEqual(['allowed', DENIED]);
    await bench.grant('user', allow('kms:Sign', ARN));
    expect([await nameOf(verify()), await nameOf(sign(client))]).toEqual([DENIED, 'allowed']);
  });

  it('kms:CancelKeyDeletion on the key', async () => {
    const { administrator, bench, client } = await open();
    await administrator.send(new ScheduleKeyDeletionCommand({ KeyId: ARN }));
    const cancel = () => client.send(new CancelKeyDeletionCommand({ KeyId: ID }));

    expect(await nameOf(cancel())).toBe(DENIED);
    await bench.grant('user', allow('kms:CancelKeyDeletion', ARN));
    expect(await nameOf(cancel())).toBe('allowed');
  });

  it('kms:ListKeys and kms:CreateKey on everything, and kms:TagResource for tags of a new key', async () => {
    const { bench, client } = await open();
    const create = (Tags: (typeof TEAM)[] = []) =>
      client.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Tags }));

    await bench.grant('user', allow(['kms:ListKeys', 'kms:CreateKey'], ARN));
    expect(await nameOf(client.send(new ListKeysCommand({})))).toBe(DENIED);
    expect(await nameOf(create())).toBe(DENIED);
    await bench.grant('user', allow(['kms:ListKeys', 'kms:CreateKey']));
    expect(await nameOf(client.send(new ListKeysCommand({})))).toBe('allowed');
    expect(await nameOf(create())).toBe('allowed');
    expect((await errorOf(create([TEAM]))).message).toContain('kms:TagResource');
    await bench.grant('user', allow(['kms:CreateKey', 'kms:TagResource']));
    expect(await nameOf(create([TEAM]))).toBe('allowed');
  });

  it.each([
    ['kms:SigningAlgorithm', 'ECDSA_SHA_256', 'RSASSA_PSS_SHA_256'],
    ['kms:MessageType', 'RAW', 'DIGEST'],
    ['kms:KeySpec', 'ECC_NIST_P256', 'RSA_2048'],
    ['kms:KeyUsage', 'SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
    ['kms:CallerAccount', ACCOUNT, '444455556666'],
    ['aws:ResourceTag/team', 'network', 'other'],
    ['aws:ResourceAccount', ACCOUNT, '444455556666'],
  ])('%s is known of a signature', async (key, right, wrong) => {
    const { administrator, bench, client } = await open();
    await administrator.send(new TagResourceCommand({ KeyId: ARN, Tags: [TEAM] }));

    await bench.grant('user', allow('kms:Sign', '*', { StringEquals: { [key]: wrong } }));
    expect(await nameOf(sign(client))).toBe(DENIED);
    await bench.grant('user', allow('kms:Sign', '*', { StringEquals: { [key]: right } }));
    expect(await nameOf(sign(client))).toBe('allowed');
  });

  it('a key that is not there is not found by those who may look', async () => {
    const { bench, client } = await open();
    const missing = ARN.replace('1234abcd', '0000abcd');

    expect(await nameOf(sign(client, missing))).toBe(DENIED);
    await bench.grant('user', allow('kms:*'));
    expect(await nameOf(sign(client, missing))).toBe('NotFoundException');
    expect(await nameOf(sign(client, FOREIGN))).toBe(DENIED);
  });
});

/** Developer guide, "Key policies in AWS KMS" and "Default key policy". */
describe('the policy of a key', () => {
  const mine = { ...allow('kms:Sign'), Principal: ROLE };
  const owner = { ...allow(['kms:PutKeyPolicy', 'kms:GetKeyPolicy']), Principal: ROOT };

  it.each<[string, object[], boolean, string]>([
    ['delegates to the account, whose IAM allows', [{ ...allow('kms:*'), Principal: ROOT }], true, 'allowed'],
    ['delegates to the account, whose IAM does not', [{ ...allow('kms:*'), Principal: ROOT }], false, DENIED],
    ['delegates by the account’s number', [{ ...allow('kms:*'), Principal: { AWS: ACCOUNT } }], true, 'allowed'],
    ['delegates another action', [owner], true, DENIED],
    ['names the role', [owner, mine], false, 'allowed'],
    [
      'names the session',
      [owner, { ...mine, Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/user/run` } }],
      false,
      'allowed',
    ],
    ['names another role', [owner, { ...mine, Principal: { AWS: `${ROLE.AWS}-other` } }], true, DENIED],
    ['names the role for a resource of another name', [owner, { ...mine, Resource: FOREIGN }], true, DENIED],
    ['has no resource, and so no effect', [owner, { ...mine, Resource: undefined }], true, DENIED],
    [
      'names the role under a condition that holds',
      [owner, { ...mine, Condition: { StringEquals: { 'kms:MessageType': 'RAW' } } }],
      false,
      'allowed',
    ],
    [
      'names the role under a condition that does not hold',
      [owner, { ...mine, Condition: { StringEquals: { 'kms:MessageType': 'DIGEST' } } }],
      true,
      DENIED,
    ],
    [
      'denies the role',
      [
        { ...allow('kms:*'), Principal: ROOT },
        { ...mine, Effect: 'Deny' },
      ],
      true,
      DENIED,
    ],
  ])('that %s', async (_what, statements, hasIam, expected) => {
    const { administrator, bench, client } = await open();
    await putPolicy(policyOf(...statements))(administrator);
    if (hasIam) await bench.grant('user', allow('kms:*'));

    expect(await nameOf(sign(client))).toBe(expected);
  });

  it('binds the administrator of its account, and says so', async () => {
    const { administrator } = await open();
    await putPolicy(policyOf(mine))(administrator);

    const error = await errorOf(sign(administrator));

    expect(error.name).toBe(DENIED);
    expect(error.message).toMatch(/because no resource-based policy allows the kms:Sign action$/);
  });

  it('is overruled by a deny of IAM', async () => {
    const { administrator, bench, client } = await open();
    await putPolicy(policyOf(owner, mine))(administrator);
    await bench.grant('user', { ...allow('kms:Sign'), Effect: 'Deny' });

    expect(await nameOf(sign(client))).toBe(DENIED);
  });
});

describe('a key of another account', () => {
  /** A key of 444455556666 under a policy, and the role `user` of our account with or without rights. */
  async function openAbroad(principal: object | undefined, rights: readonly object[]) {
    const bench: IamBench = createIamBench();
    bench.account.putSigningKey(FOREIGN);
    const owner = bench.account.client(KMSClient, { ...REGION, account: '444455556666' });
    const home = { ...allow('kms:*'), Principal: { AWS: 'arn:aws:iam::444455556666:root' } };
    const guest = principal && { ...allow('kms:*'), Principal: principal };
    await putPolicy(policyOf(home, ...(guest ? [guest] : [])))(owner, FOREIGN);
    const actor: Actor = await bench.assume(await bench.role('user'));
    if (rights.length > 0) await bench.grant('user', ...rights);
    return { client: actor.client(KMSClient), administrator: bench.account.client(KMSClient, REGION) };
  }

  it.each<[string, object | undefined, object[], string]>([
    ['whose policy names the account, by IAM', ROOT, [allow('kms:Sign', FOREIGN)], 'allowed'],
    ['whose policy names the account, not without IAM', ROOT, [], DENIED],
    ['whose policy names the role, by IAM', ROLE, [allow('kms:Sign', FOREIGN)], 'allowed'],
    ['whose policy names the role, not without IAM', ROLE, [], DENIED],
    ['whose policy names nobody abroad, not by IAM alone', undefined, [allow('kms:*')], DENIED],
    ['by rights on another key, not', ROOT, [allow('kms:Sign', ARN)], DENIED],
  ])('%s', async (_what, principal, rights, expected) => {
    const { client } = await openAbroad(principal, rights);

    expect(await nameOf(sign(client, FOREIGN))).toBe(expected);
  });

  it.each(ABROAD)('is reached by %s', async (_action, call) => {
    const { client, administrator } = await openAbroad(ROOT, [allow('kms:*')]);

    await expect(call(client, FOREIGN)).resolves.toMatchObject({});
    await expect(call(administrator, FOREIGN)).resolves.toMatchObject({});
  });

  it.each(AT_HOME)('is not reached by %s, whatever its policy says', async (_action, call) => {
    const { client, administrator } = await openAbroad(ROOT, [allow('kms:*')]);

    expect(await nameOf(call(client, FOREIGN))).toBe(DENIED);
    expect(await nameOf(call(administrator, FOREIGN))).toBe(DENIED);
  });

  it('is not reached by its id alone', async () => {
    const { client } = await openAbroad(ROOT, [allow('kms:*')]);

    expect(await nameOf(sign(client, ID))).toBe('NotFoundException');
  });
});
