import { expect, it, vi } from 'vitest';
import * as library from '../../src/index.ts';
import { openFanOut } from '../../src/operations/fan-out/open.ts';
import { fanOutYaml } from '../support/bucket-fan-out.ts';
import { createDesk, EMBEDDED } from '../support/cli-process.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { fanOutEstate } from '../support/fan-out-estate.ts';

vi.setConfig({ testTimeout: 300_000 });

it.each([
  {
    verb: 'verify',
    fault: { service: 's3', command: 'ListObjectsV2', fault: 'access-denied' },
    message: /^S3 ListObjectsV2 in account 111122223333, us-east-1, was denied: AccessDenied: /,
    hint: /trueup iam/,
  },
  {
    verb: 'backfill',
    fault: { service: 'sqs', command: 'GetQueueAttributes', fault: 'access-denied' },
    message: /^SQS GetQueueAttributes in account 111122223333, eu-west-1, was denied: /,
    hint: /trueup iam/,
  },
  {
    verb: 'redrive',
    fault: { service: 'sqs', command: 'ReceiveMessage', fault: 'throttle', times: 99 },
    message: /^SQS ReceiveMessage in account 111122223333, eu-west-1, was throttled: /,
    hint: /same command again/,
  },
  {
    verb: 'status',
    fault: { service: 'dynamodb', command: 'Scan', fault: 'access-denied' },
    message: /^DynamoDB Scan in account 111122223333, eu-west-1, was denied: /,
    hint: /trueup iam/,
  },
  {
    verb: 'test',
    fault: { service: 's3', command: 'PutObject', fault: 'access-denied' },
    message: /^S3 PutObject in account 111122223333, eu-west-1, was denied: /,
    hint: /trueup iam/,
  },
])('a refusal of AWS in $verb says which call, where and what next', async ({ verb, fault, message, hint }) => {
  const desk = await createDesk([]);
  desk.write('config/s3/invoices.yaml', fanOutYaml());
  const account = desk.open();
  await makeBucket(account, 'acme-invoices');
  await makeBucket(account, 'acme-invoices-us', { region: 'us-east-1' });
  account.close();
  expect(await desk.converge()).toStrictEqual({ converged: true, left: 0 });
  const refused = await desk.run(`fan-out ${verb} invoices --format json ${EMBEDDED}`, {
    env: { TRUEUP_FAULTS: JSON.stringify([{ nth: 1, ...fault }]) },
  });
  expect(refused.exit).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    format: 'trueup/error@1',
    error: {
      code: 'TU2038',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    },
  });
});

it('the library entry has the verbs', async () => {
  const { project, account } = await fanOutEstate();
  const options = { endpoint: { kind: 'embedded', account }, name: 'invoices' } as const;
  expect(await library.fanOutVerify(project, options)).toMatchObject({ format: 'trueup/fan-out-verify@1', ok: true });
  expect(await library.fanOutBackfill(project, options)).toMatchObject({ outcome: 'nothing' });
  expect(await library.fanOutRedrive(project, options)).toMatchObject({ ok: true });
  expect(await library.fanOutStatus(project, options)).toMatchObject({ format: 'trueup/fan-out-status@1' });
  const probe = await library.fanOutTest(project, { ...options, timeout: 30_000, id: '0a1b' });
  expect(probe).toMatchObject({ ok: true, left: [] });
});

it('a verb may call as often as there are objects', async () => {
  const { project, account } = await fanOutEstate();
  const { aws } = await openFanOut(project, { endpoint: { kind: 'embedded', account }, name: 'invoices' });
  const { send } = await aws.client(CountingClient, { account: '111122223333', region: 'eu-west-1' });
  for (let count = 0; count < 100_001; count += 1) await send();
  expect(aws.calls()).toMatchObject({ Counting: { reads: 100_001 } });
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
