import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { NotificationConfiguration, TopicConfiguration } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Progress, ResourceType, Target } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createBucketNotificationType } from '../../src/resources/bucket-notification/index.ts';
import type { BucketNotificationProperties } from '../../src/resources/bucket-notification/types.ts';
import { createMarkedTopics } from '../../src/resources/marked-topics.ts';
import { HERE } from '../support/fake-world.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';
import { createTurns } from '../support/turns.ts';
import type { Turns } from '../support/turns.ts';

const Bucket = 'acme-invoices';
const MOST_STEPS = 60;
/** Longest that a call takes, by the account's clock. */
const CALL_MS = 900;
const HOUR_MS = 3_600_000;

type Type = ResourceType<BucketNotificationProperties, { readonly Id: string }>;
type Entries = readonly TopicConfiguration[];

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An entry of somebody else: everybody's events are of another prefix. */
function entry(Id: string, version = 1): TopicConfiguration {
  return {
    Id,
    TopicArn: `arn:aws:sns:eu-west-1:111122223333:theirs-${version}`,
    Events: ['s3:ObjectCreated:*'],
    Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: `${Id}/` }] } },
  };
}

function targetOf(owner: string): Target<BucketNotificationProperties> {
  return {
    owner,
    address: 'BucketFanOut/invoices/Notification',
    place: HERE,
    properties: {
      Bucket,
      TopicArn: `arn:aws:sns:eu-west-1:111122223333:${owner}`,
      Events: ['s3:ObjectCreated:*'],
      Prefix: `${owner}/`,
    },
    token: '',
    applied: '',
    protect: false,
  };
}

function openBench(random: () => number): { bench: ResourceBench; turns: Turns; typeOf: (isInTurns: boolean) => Type } {
  const bench: ResourceBench = createResourceBench((aws) => [erasedType(typeFor(aws))], []);
  const turns = createTurns(random);
  function typeFor(aws: Parameters<typeof createMarkedTopics>[0]): Type {
    return createBucketNotificationType(aws, createMarkedTopics(aws), () => bench.account.now());
  }
  return {
    bench,
    turns,
    typeOf: (isInTurns) => typeFor(isInTurns ? turns.clients(bench.clients()) : bench.clients()),
  };
}

/** What the engine does: look, one step, look again, until nothing is left. */
async function settle(
  type: Type,
  target: Target<BucketNotificationProperties>,
  isWanted: boolean,
  turns: Turns,
): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const seen = await type.observe(target);
    if (seen.state === 'unknown') throw new Error(seen.detail);
    let progress: Progress;
    if (!isWanted) {
      if (seen.state === 'absent') return;
      progress = await type.remove!(target, seen);
    } else if (seen.state === 'absent') {
      progress = await type.create(target);
    } else {
      const comparison = await type.compare!(target, seen);
      if (!('differences' in comparison)) throw new Error(comparison.detail);
      if (comparison.differences.length === 0) return;
      progress = await type.update(target, seen, comparison.differences);
    }
    // Who waits lets the others go on.
    if (!progress.done) for (let pause = 0; pause < progress.again; pause += 250) await turns.turn();
  }
  throw new Error('it does not come to an end');
}

/** Somebody else's tool: it reads, changes its own entries, writes, and looks at nothing afterwards. */
async function changeForeign(client: S3Client, change: (topics: Entries) => Entries): Promise<Entries> {
  const { $metadata: _metadata, ...found } = await client.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  const TopicConfigurations = [...change(found.TopicConfigurations ?? [])];
  await put(client, { ...found, TopicConfigurations });
  return TopicConfigurations;
}

async function put(client: S3Client, NotificationConfiguration: NotificationConfiguration): Promise<void> {
  const SkipDestinationValidation = true;
  await client.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, SkipDestinationValidation }),
  );
}

async function idsIn(client: S3Client): Promise<readonly string[]> {
  const { TopicConfigurations = [], QueueConfigurations = [] } = await client.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  return [...TopicConfigurations, ...QueueConfigurations].map(
    (one) => `${one.Id} ${'TopicArn' in one ? one.TopicArn : ''}`,
  );
}

/** Ids of entries that a plan says were overwritten. */
async function reported(type: Type, owner: string): Promise<readonly string[]> {
  const target = targetOf(owner);
  const seen = await type.observe(target);
  if (seen.state !== 'present') throw new Error(`the entry of ${owner} is not there`);
  const { findings = [] } = (await type.compare!(target, seen)) as { findings?: { code: string; data?: unknown }[] };
  return findings
    .filter(({ code }) => code === 'overwritten-entry')
    .map(({ data }) => {
      const { id, target: topic } = data as { id: string; target: string };
      return `${id} ${topic}`;
    });
}

const STANDING = {
  TopicConfigurations: [entry('standing')],
  QueueConfigurations: [
    {
      Id: 'queue',
      QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:theirs',
      Events: ['s3:ObjectRemoved:*' as const],
    },
  ],
  EventBridgeConfiguration: {},
} satisfies NotificationConfiguration;

const INTERLEAVINGS = 200;

describe('T70 entries of others, while we write ours', () => {
  it(`are never lost unreported, in ${INTERLEAVINGS} orders of calls`, async () => {
    const lost = { reported: 0, unreported: [] as string[], false: 0, standing: 0, own: 0 };
    for (let seed = 1; seed <= INTERLEAVINGS; seed += 1) {
      const random = randomOf(seed);
      const { bench, turns, typeOf } = openBench(random);
      const raw = bench.account.client(S3Client, { region: HERE.region });
      await raw.send(new CreateBucketCommand({ Bucket }));
      await put(raw, STANDING);
      bench.account.elapse(HOUR_MS);
      const slow = Object.assign(Object.create(raw) as S3Client, {
        async send(command: never) {
          bench.account.elapse(Math.floor(random() * CALL_MS));
          return raw.send(command);
        },
      });
      const theirs = turns.client(slow);
      /** What they wrote last of each entry, by its id: what is not in a later write of theirs was lost before. */
      const written = new Map<string, string>();
      const change = async (edit: (topics: Entries) => Entries): Promise<void> => {
        for (const { Id = '', TopicArn = '' } of await changeForeign(theirs, edit)) {
          if (['one', 'two'].includes(Id)) written.set(Id, `${Id} ${TopicArn}`);
        }
      };

      await Promise.all([
        turns.run(() => settle(typeOf(true), targetOf('acme-network'), true, turns)),
        turns.run(async () => {
          const type = typeOf(true);
          await settle(type, targetOf('acme-data'), true, turns);
          if (seed % 2 === 0) await settle(type, targetOf('acme-data'), false, turns);
        }),
        turns.run(async () => {
          await change((topics) => [...topics, entry('one')]);
          await change((topics) => topics.map((one) => (one.Id === 'one' ? entry('one', 2) : one)));
          await change((topics) => [...topics, entry('two')]);
        }),
      ]);
      // Whoever was overwritten after the last look finds out at the next plan.
      bench.account.elapse(HOUR_MS);
      await settleAlone(typeOf(false), 'acme-network');
      if (seed % 2 === 1) await settleAlone(typeOf(false), 'acme-data');

      const there = await idsIn(raw);
      const said = await reported(typeOf(false), 'acme-network');
      if (!there.includes('standing arn:aws:sns:eu-west-1:111122223333:theirs-1')) lost.standing += 1;
      if (!there.some((one) => one.startsWith('queue'))) lost.standing += 1;
      if (!there.some((one) => one.startsWith('acme-network/'))) lost.own += 1;
      for (const one of written.values()) {
        if (there.includes(one)) continue;
        if (said.includes(one)) lost.reported += 1;
        else lost.unreported.push(`${seed}: ${one}`);
      }
      lost.false += said.filter((one) => there.includes(one)).length;
      bench.account.close();
    }

    expect(lost.unreported).toEqual([]);
    expect(lost).toMatchObject({ false: 0, standing: 0, own: 0 });
    // The race is met at all.
    expect(lost.reported).toBeGreaterThan(0);
  }, 120_000);
});

/** With nobody else about. */
async function settleAlone(type: Type, owner: string): Promise<void> {
  const turns = createTurns(() => 0);
  await turns.run(() => settle(type, targetOf(owner), true, turns));
}
