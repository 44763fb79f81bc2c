import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFanOutEstate, fanOutYaml, SOURCE, US } from '../support/bucket-fan-out.ts';
import { createEstate } from '../support/estate.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

const ENTRY = 'Trueup::S3::BucketNotification';

it('a fan-out loses no listener while S3 still speaks', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-removal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'account.db');
  const estate = await createFanOutEstate([SOURCE, US], { file });
  await makeBucket(estate.account, 'acme-invoices');
  await makeBucket(estate.account, 'acme-bills');
  await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
  // Another one stays: otherwise no document of the kind would be left.
  const others = US.replace('region', 'prefix: bills/, region');
  estate.write('bills.yaml', fanOutYaml(['source: { bucket: acme-bills }', others], 'bills'));
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  guards: { deletes: { percent: 100, count: 1000 } }\n`);
  estate.rewrite('invoices.yaml', (yaml) => yaml.replace('name: invoices', 'name: invoices, onRemove: delete'));
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  estate.rewrite('invoices.yaml', () => '');

  const denied = await createEstate({
    file,
    like: estate,
    faults: [{ service: 's3', command: 'PutBucketNotificationConfiguration', times: 99, fault: 'access-denied' }],
  });
  const plan = await denied.plan();
  const going = plan.actions.map(({ id }) => id).sort();
  expect(plan.actions.map(({ action }) => action)).toEqual(going.map(() => 'delete'));
  const result = await denied.apply(plan);

  const [entry] = plan.actions.filter(({ type }) => type === ENTRY);
  expect(result.failed.map(({ id }) => id)).toEqual([entry!.id]);
  const left = await estate.plan();
  expect(left.actions.map(({ id }) => id).sort()).toEqual(going);
});

it('a destination with dead letters does not go without a word', async () => {
  const estate = await createFanOutEstate([SOURCE, 'destinations: [{ bucket: acme-a }, { bucket: acme-b }]']);
  for (const bucket of ['acme-invoices', 'acme-a', 'acme-b']) await makeBucket(estate.account, bucket);
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  const sqs = estate.account.client(SQSClient, { region: 'eu-west-1' });
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'invoices-dead' }));
  expect(QueueUrls).toHaveLength(2);
  for (const QueueUrl of QueueUrls) {
    for (const MessageBody of ['1', '2', '3']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  expect((await estate.plan()).documents[0]!.findings.map(({ code }) => code)).not.toContain('messages-left');

  estate.rewrite('invoices.yaml', (yaml) => yaml.replace(', { bucket: acme-b }', ''));

  const { findings, documents } = await estate.plan();
  const said = [...findings, ...documents.flatMap((one) => one.findings)];
  expect(said.filter(({ code }) => code === 'messages-left')).toMatchObject([
    {
      document: 'BucketFanOut/invoices',
      severity: 'warning',
      message: expect.stringMatching(
        /^the queue invoices-dead-?letters\S+ holds 3 messages, and nothing that sees to them is declared any more$/,
      ) as string,
      data: { messages: 3 },
    },
  ]);
});

describe('the guard on deletions', () => {
  async function two() {
    const estate = await createFanOutEstate([SOURCE, 'destinations: [{ bucket: acme-a }, { bucket: acme-b }]']);
    for (const bucket of ['acme-invoices', 'acme-a', 'acme-b']) await makeBucket(estate.account, bucket);
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('name: invoices', 'name: invoices, onRemove: delete'));
    expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    return estate;
  }

  it('counts a destination once, whatever serves it', async () => {
    const estate = await two();
    for (const rest of ['{ bucket: acme-a }', '{ bucket: acme-a }, { bucket: acme-b, prefix: copies/ }']) {
      estate.rewrite('invoices.yaml', (yaml) => yaml.replace(/destinations: .*/, `destinations: [${rest}]`));
      const { actions, guards } = await estate.plan();
      expect(actions.filter(({ action }) => action === 'delete').length).toBeGreaterThan(5);
      expect(guards).toEqual([]);
    }
  });

  it('trips where several of few go', async () => {
    const estate = await two();
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace(/destinations: .*/, 'destinations: [{ bucket: acme-c }]'));
    const { guards } = await estate.plan();
    expect(guards).toMatchObject([{ code: 'deletes', about: 'BucketFanOut' }]);
    expect(guards[0]!.message).toMatch(/^BucketFanOut would lose 2 of \d parts, \d+ objects in all/);
  });
});
