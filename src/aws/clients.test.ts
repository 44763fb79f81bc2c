import { GetHostedZoneCountCommand, Route53Client } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../embedded/index.ts';
import type { EmbeddedAccount } from '../embedded/index.ts';
import { callsFor, createAws } from './clients.ts';
import type { Aws, AwsConfiguration } from './clients.ts';
import type { Account } from '../engine/types.ts';

const PROD: Account = { alias: 'prod', id: '111122223333' };
const PARTNER: Account = {
  alias: 'partner',
  id: '444455556666',
  planRole: 'arn:aws:iam::444455556666:role/trueup-plan',
  applyRole: 'arn:aws:iam::444455556666:role/trueup-apply',
  externalId: 'acme',
};

function connect(account: EmbeddedAccount, caller: string, rest: Partial<AwsConfiguration> = {}): Aws {
  const accounts = [PROD, PARTNER, { alias: 'lonely', id: '777788889999' }];
  return createAws({
    backend: {
      options: ({ region }) => ({ ...account.clientOptions({ region, account: caller }) }),
      plugin: account.plugin,
    },
    accounts: new Map(accounts.map((entry) => [entry.id, entry])),
    defaultAccount: PROD.id,
    defaultRegion: 'eu-west-1',
    role: 'plan',
    run: 'run-1',
    clock: { now: () => 0, sleep: async () => undefined },
    ...rest,
  });
}

const BUCKET = {
  Bucket: 'acme-replicas',
  CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
} as const;
const place = (account: string) => ({ account, region: 'us-east-1' });

describe('the client factory', () => {
  it('T66 credentials of another account: refused after exactly one call, both ids named', async () => {
    const account = openEmbedded('memory');
    const aws = connect(account, '999988887777');

    await expect(aws.client(Route53Client, place(PROD.id))).rejects.toThrow(
      /credentials of account 999988887777 .* declare prod as 111122223333/,
    );
    expect(account.events().map(({ eventName }) => eventName)).toEqual(['GetCallerIdentity']);
  });

  it.each(['plan', 'apply'] as const)(
    'enters another account through its %s role, one hop, told apart in the trail',
    async (role) => {
      const account = openEmbedded('memory');
      const aws = connect(account, PROD.id, { role });

      const client = await aws.client(Route53Client, place(PARTNER.id));
      await client.send(new GetHostedZoneCountCommand({}));

      const events = account.events();
      expect(events.map(({ eventName }) => eventName)).toEqual([
        'AssumeRole',
        'GetCallerIdentity',
        'GetHostedZoneCount',
      ]);
      expect(events.at(-1)!.userIdentity.arn).toBe(
        `arn:aws:sts::444455556666:assumed-role/trueup-${role}/trueup-${role}-run-1`,
      );
      expect(events[0]!.requestParameters).toMatchObject({ externalId: 'acme' });
    },
  );

  it('enters no other account without a role, and none that is not declared', async () => {
    const aws = connect(openEmbedded('memory'), PROD.id);

    await expect(aws.client(Route53Client, place('777788889999'))).rejects.toMatchObject({ code: 'TU2003' });
    await expect(aws.client(Route53Client, place('123456789012'))).rejects.toMatchObject({ code: 'TU2002' });
  });

  it('renews an assumed role before it expires', async () => {
    const account = openEmbedded('memory');
    let now = 0;
    const aws = connect(account, PROD.id, { clock: { now: () => now, sleep: async () => undefined } });
    const client = await aws.client(Route53Client, place(PARTNER.id));

    now = 56 * 60_000;
    await client.send(new GetHostedZoneCountCommand({}));

    expect(account.events().filter(({ eventName }) => eventName === 'AssumeRole')).toHaveLength(2);
  });

  it.each([
    ['have expired', 61, 2, 404],
    ['are good', 0, 1, 403],
  ])(
    'F17 a HEAD that is refused without a word while credentials %s: they are renewed if that was it',
    async (_what, minutes, sessions, status) => {
      const account = openEmbedded('memory');
      const aws = connect(account, PROD.id);
      const client = await aws.client(S3Client, { account: PARTNER.id, region: 'eu-west-1' });
      const stranger = account.client(S3Client, { account: '999988887777', region: 'eu-west-1' });
      if (status === 403) await stranger.send(new CreateBucketCommand(BUCKET));

      account.elapse(minutes * 60_000);
      const error: unknown = await client.send(new HeadBucketCommand({ Bucket: BUCKET.Bucket })).catch((why) => why);

      expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
      expect(account.events().filter(({ eventName }) => eventName === 'AssumeRole')).toHaveLength(sessions);
    },
  );

  it('counts every attempt, and lets Route 53 have 4 a second and account', async () => {
    const account = openEmbedded('memory', { faults: [{ service: 'route-53', command: '*', fault: 'throttle' }] });
    let now = 0;
    const clock = {
      now: () => now,
      async sleep(milliseconds: number) {
        now += milliseconds;
      },
    };
    const aws = connect(account, PROD.id, { clock });
    const client = await aws.client(Route53Client, place(PROD.id));

    for (let call = 0; call < 8; call++) await client.send(new GetHostedZoneCountCommand({}));

    expect(aws.calls()).toEqual({ Route53: { reads: 9, writes: 0 }, STS: { reads: 1, writes: 0 } });
    expect(now).toBe(2_000);
  });

  it('T142 refuses the call after the last that a command may make, with the count and the next command', async () => {
    const account = openEmbedded('memory', { faults: [{ service: 'route-53', command: '*', fault: 'throttle' }] });
    const aws = connect(account, PROD.id, { callBudget: 5 });
    const client = await aws.client(Route53Client, place(PROD.id));

    // One to know the caller, one that is throttled, and its repetition.
    for (let call = 0; call < 3; call += 1) await client.send(new GetHostedZoneCountCommand({}));
    for (let call = 0; call < 3; call += 1) {
      await expect(client.send(new GetHostedZoneCountCommand({}))).rejects.toMatchObject({
        code: 'TU2005',
        message: expect.stringContaining('5 calls to AWS'),
        hint: expect.stringContaining('trueup plan --only'),
      });
    }

    expect(account.events()).toHaveLength(5);
    expect(aws.calls()).toEqual({ Route53: { reads: 4, writes: 0 }, STS: { reads: 1, writes: 0 } });
  });

  it.each([
    { reason: 'an empty estate', documents: 0, calls: 100_000 },
    { reason: 'a small one', documents: 1, calls: 100_000 },
    { reason: 'the largest that the floor serves', documents: 200, calls: 100_000 },
    { reason: 'one document more', documents: 201, calls: 100_500 },
    { reason: 'a large one', documents: 1_000, calls: 500_000 },
  ])('T142 $reason, of $documents documents, may make $calls calls', ({ documents, calls }) => {
    expect(callsFor(documents)).toBe(calls);
  });

  it.each([
    { who: 'a command', rest: {}, sent: 99_999, why: 'TU2005' },
    { who: 'a function, which lives on', rest: { ownCredentials: true } as const, sent: 100_001, why: undefined },
  ])('T142 what $who may call without being told otherwise', async ({ rest, sent, why }) => {
    const aws = connect(openEmbedded('memory'), PROD.id, rest);
    const { send } = await aws.client(CountingClient, place(PROD.id));
    const refusals: unknown[] = [];

    let count = 0;
    for (; count < 100_001 && refusals.length === 0; count += 1) await send().catch((error) => refusals.push(error));

    expect([count - refusals.length, (refusals[0] as { code?: string } | undefined)?.code]).toEqual([sent, why]);
  });
});

/** As much of a client as the factory sees: its calls are free. */
class CountingClient {
  #handler: () => Promise<unknown> = async () => undefined;
  readonly middlewareStack = {
    add: (middleware: (next: () => Promise<unknown>, context: object) => () => Promise<unknown>) => {
      this.#handler = middleware(this.#handler, { clientName: 'CountingClient', commandName: 'GetNothing' });
    },
    use: () => undefined,
  };
  readonly send = () => this.#handler();
}
