import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DisableKeyCommand, GetPublicKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAws } from '../../src/aws/clients.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import { backendOf, pacingClockOf } from '../../src/operations/endpoint.ts';
import { kmsSigner, kmsVerify } from '../../src/resources/signing.ts';
import { allow, document, trust } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ACCOUNT = '111122223333';
const VAULT = '444455556666';
const HERE = { account: ACCOUNT, region: 'eu-west-1' };
const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${ID}`;
const ELSEWHERE = `arn:aws:kms:us-east-1:${ACCOUNT}:key/${ID}`;
const FOREIGN = `arn:aws:kms:eu-west-1:${VAULT}:key/${ID}`;
/** More than KMS takes as a message. */
const BYTES = Buffer.alloc(10_000, 'estate');

function open(options: EmbeddedOptions = {}) {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z'), ...options });
  onTestFinished(() => account.close());
  account.putSigningKey(KEY);
  const endpoint = { kind: 'embedded', account } as const;

  /** Clients of whoever has the role, or of the administrator. */
  function aws(planRole?: string) {
    return createAws({
      backend: backendOf(endpoint, ACCOUNT),
      accounts: new Map([[ACCOUNT, { alias: 'prod', id: ACCOUNT, ...(planRole !== undefined && { planRole }) }]]),
      defaultAccount: ACCOUNT,
      defaultRegion: HERE.region,
      role: 'plan',
      run: 'test',
      clock: pacingClockOf(endpoint),
    });
  }

  return {
    account,
    aws,
    kms: (id: string = ACCOUNT) => account.client(KMSClient, { region: HERE.region, account: id }),
    /** Clients of a role with these rights. */
    async as(...statements: readonly object[]) {
      const iam = account.client(IAMClient, HERE);
      const role = { RoleName: 'loop', AssumeRolePolicyDocument: trust() };
      const { Role } = await iam.send(new CreateRoleCommand(role));
      const grant = { RoleName: 'loop', PolicyName: 'grant', PolicyDocument: document(...statements) };
      await iam.send(new PutRolePolicyCommand(grant));
      return aws(Role!.Arn);
    },
  };
}

describe('a key of KMS', () => {
  it('signs octets of any length, and verifies what it signed', async () => {
    const { aws } = open();
    const clients = aws();
    const signer = kmsSigner(clients, HERE, KEY);

    const signature = await signer.sign(BYTES);

    expect(signer.keyId).toBe(KEY);
    const verifyBytes = kmsVerify(clients, HERE);
    expect(await verifyBytes(BYTES, signature, KEY)).toBe(true);
    expect(await verifyBytes(BYTES.subarray(1), signature, KEY)).toBe(false);
    expect(await verifyBytes(BYTES, signature.subarray(1), KEY)).toBe(false);
    expect(clients.calls()).toMatchObject({ KMS: { reads: 4, writes: 0 } });
  });

  it('makes signatures that anybody verifies with its public key, by ECDSA with SHA-256 in DER', async () => {
    const { aws, kms } = open();
    const { PublicKey } = await kms().send(new GetPublicKeyCommand({ KeyId: KEY }));

    const signature = await kmsSigner(aws(), HERE, KEY).sign(BYTES);

    const key = { key: Buffer.from(PublicKey!), format: 'der', type: 'spki' } as const;
    expect(verify('sha256', BYTES, key, signature)).toBe(true);
  });

  it('verifies what was signed elsewhere with its private key', async () => {
    const { account, aws } = open();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    account.putSigningKey(KEY, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

    expect(await kmsVerify(aws(), HERE)(BYTES, sign('sha256', BYTES, privateKey), KEY)).toBe(true);
  });

  it('is told the digest and not the octets', async () => {
    const { account, aws } = open();
    const sent: unknown[] = [];
    const plugin = account.plugin;
    Object.assign(account, {
      plugin: {
        applyToStack(stack: Parameters<typeof plugin.applyToStack>[0]) {
          plugin.applyToStack(stack);
          const tap = (next: (args: object) => unknown) => (args: { input: object }) => {
            sent.push(args.input);
            return next(args);
          };
          stack.add(tap, { step: 'initialize', name: 'tap' });
        },
      },
    });

    await kmsSigner(aws(), HERE, KEY).sign(BYTES);

    expect(sent.at(-1)).toEqual({
      KeyId: KEY,
      Message: createHash('sha256').update(BYTES).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
  });

  it('is asked in its own region', async () => {
    const { account, aws } = open();
    account.putSigningKey(ELSEWHERE);

    const signature = await kmsSigner(aws(), HERE, ELSEWHERE).sign(BYTES);

    const verifyBytes = kmsVerify(aws(), HERE);
    expect(await verifyBytes(BYTES, signature, ELSEWHERE)).toBe(true);
    expect(await verifyBytes(BYTES, signature, KEY)).toBe(false);
  });

  it.each([
    'alias/estate',
    `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/estate`,
    ID,
    `key/${ID}`,
    `${KEY}:1`,
    ` ${KEY}`,
    `${KEY}\n`,
    KEY.replace('1234abcd', '1234ABCD'),
    KEY.replace('1234abcd', '*'),
    KEY.replace(ACCOUNT, ''),
    KEY.replace('eu-west-1', ''),
    KEY.replace('arn:aws:', 'arn:aws-cn:'),
    KEY.replace(':kms:', ':sns:'),
    `arn:aws:kms:eu-west-1:${ACCOUNT}:key/`,
    '',
  ])('is not named by %j', async (name) => {
    const { account, aws } = open();

    expect(() => kmsSigner(aws(), HERE, name)).toThrow(expect.objectContaining({ code: 'TU2033' }) as Error);
    const error = await errorOf(kmsVerify(aws(), HERE)(BYTES, Buffer.alloc(70), name));
    expect(error).toMatchObject({ code: 'TU2033', hint: expect.stringContaining('no alias') as string });
    expect(account.events()).toEqual([]);
  });
});

describe('what could not be verified is an error, and never false', () => {
  const signature = Buffer.alloc(70);

  it('where the key is disabled, or is none', async () => {
    const { aws, kms } = open();
    await kms().send(new DisableKeyCommand({ KeyId: KEY }));

    expect((await errorOf(kmsVerify(aws(), HERE)(BYTES, signature, KEY))).name).toBe('DisabledException');
    expect((await errorOf(kmsVerify(aws(), HERE)(BYTES, signature, ELSEWHERE))).name).toBe('NotFoundException');
  });

  it('where nothing is allowed', async () => {
    const clients = await open().as(allow('kms:DescribeKey', KEY));

    expect((await errorOf(kmsVerify(clients, HERE)(BYTES, signature, KEY))).name).toBe('AccessDeniedException');
  });

  it.each([
    ['KMS fails', 'server-error', 'InternalFailure'],
    ['the answer is lost', 'lost-reply', 'TimeoutError'],
  ] as const)('where %s', async (_what, fault, name) => {
    const { aws } = open({ faults: [{ service: 'kms', command: 'Verify', fault, times: 99 }] });
    const good = await kmsSigner(aws(), HERE, KEY).sign(BYTES);

    expect((await errorOf(kmsVerify(aws(), HERE)(BYTES, good, KEY))).name).toBe(name);
  });
});

describe('whoever may only verify', () => {
  it('does so, and cannot sign', async () => {
    const { aws, as } = open();
    const signature = await kmsSigner(aws(), HERE, KEY).sign(BYTES);
    const clients = await as(allow('kms:Verify', KEY));

    expect(await kmsVerify(clients, HERE)(BYTES, signature, KEY)).toBe(true);
    expect(await kmsVerify(clients, HERE)(BYTES.subarray(1), signature, KEY)).toBe(false);
    const error = await errorOf(kmsSigner(clients, HERE, KEY).sign(BYTES));
    expect(error).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('kms:Sign') as string,
    });
  });

  it('does so with a key of another account, whose policy lets him', async () => {
    const { account, aws, as, kms } = open();
    account.putSigningKey(FOREIGN);
    const root = (id: string) => ({ Principal: { AWS: `arn:aws:iam::${id}:root` } });
    const policy = (...guests: readonly object[]) =>
      kms(VAULT).send(
        new PutKeyPolicyCommand({
          KeyId: FOREIGN,
          Policy: document({ ...allow('kms:*'), ...root(VAULT) }, ...guests),
        }),
      );
    const loop = await as(allow('kms:*', FOREIGN));
    const attempt = () => kmsVerify(loop, HERE)(BYTES, Buffer.alloc(70), FOREIGN);

    expect((await errorOf(attempt())).name).toBe('AccessDeniedException');
    await policy({ ...allow('kms:Verify'), ...root(ACCOUNT) });

    expect(await attempt()).toBe(false);
    expect((await errorOf(kmsSigner(loop, HERE, FOREIGN).sign(BYTES))).name).toBe('AccessDeniedException');
    await policy({ ...allow(['kms:Sign', 'kms:Verify']), ...root(ACCOUNT) });
    const signature = await kmsSigner(aws(), HERE, FOREIGN).sign(BYTES);
    expect(await kmsVerify(loop, HERE)(BYTES, signature, FOREIGN)).toBe(true);
  });
});
