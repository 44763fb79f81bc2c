import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../embedded/index.ts';
import type { EmbeddedAccount } from '../../embedded/index.ts';
import type { Plan } from '../../engine/types.ts';
import { functionNamed, linesOf, REGION, shown } from './log-lines.ts';
import type { Stage } from './stage.ts';

const DOCUMENT = 'config/s3/invoices.yaml';
const ONLY = '--only BucketFanOut/invoices';
const PLAN = 'invoices.json';
const SOURCE = 'acme-invoices';
const AMERICA = { Bucket: 'acme-invoices-us', region: 'us-east-1', prefix: '' };
const ARCHIVE = { Bucket: 'acme-archive', ...REGION, prefix: 'invoices/' };
const ACCOUNTANT = { Bucket: 'accountant.invoices', account: '777788889999', ...REGION, prefix: 'from-acme/' };
/** What is added to the example: an account that is not ours, and a bucket of it. */
const ACCOUNT_LINE = `    accountant: { id: '${ACCOUNTANT.account}' }`;
const DESTINATION_LINE = `    - { bucket: ${ACCOUNTANT.Bucket}, account: accountant, prefix: ${ACCOUNTANT.prefix} }`;
/** Of the one object that was there first, and of the one that comes. */
const BEFORE = { source: '2026/in/0001 Müller & Söhne.pdf', copy: 'out/0001 Müller & Söhne.pdf' };
const AFTER = { source: '2026/in/0002 100% a+b 東京.pdf', copy: 'out/0002 100% a+b 東京.pdf' };
/** Fields of a copy's log line that the tour shows. */
const SHOWN = ['outcome', 'key', 'CopiedBytes', 'Lag'];

/** Of a note that wraps at 80 columns: what is so, and what to do. */
const NOTE_LINES = 4;

/** Objects of one bucket in three others: what comes, what fails and is tried again, what was there, and what somebody prevents. */
export async function runFanOutTour(stage: Stage, endpoint: string): Promise<void> {
  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    await showPlan(stage, account, endpoint);
    await showCopy(stage, account, endpoint);
    await showBackfill(stage, account, endpoint);
    await showDrift(stage, account, endpoint);
  } finally {
    account.close();
  }
}

async function showPlan(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('Invoices are to lie in America too, and at the accountant’s');
  await makeBuckets(account);
  await putInvoice(account, BEFORE.source, 'one');
  addAccountant(stage);
  stage.say(`${DOCUMENT} is new, with one more line under destinations:`);
  stage.say(DESTINATION_LINE.trim());
  stage.say(`An invoice is there already: ${BEFORE.source}`);
  const planned = await stage.run(`plan ${endpoint} ${ONLY} --out ${PLAN}`, {
    from: '! account',
    lines: 66,
    expect: ['Plan: 53 to create', '1 existing object (3 B) is not at acme-invoices-us', '"Sid": "TrueupFanOut'],
  });
  stage.say('For each destination a function, a role, two queues and their alarms. What the plan cannot do, it says:');
  stage.say('another account must allow it, and what is there already is not copied by itself:');
  const lines = planned.split('\n');
  const note = lines.findIndex((line) => line.includes('1 existing object'));
  for (const line of lines.slice(note, note + NOTE_LINES)) stage.say(line.trim());
  await stage.run(`apply ${endpoint} ${ONLY} --plan ${PLAN}`, {
    from: 'A plan right after it is empty.',
    expect: ['A plan right after it is empty.', 'Applied: 53 of 53'],
  });
}

async function showCopy(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('An invoice comes, and the accountant has not let us in yet');
  const start = account.now();
  await putInvoice(account, AFTER.source, 'two');
  await account.settled();
  stage.say(`It is ${AFTER.source}. What became of it at the accountant's, after three tries?`);
  await stage.run(`fan-out status invoices --destination ${ACCOUNTANT.Bucket} ${endpoint}`, {
    expect: ['1 dead letter', 'AccessDenied'],
  });
  stage.say('Nothing is lost: the event waits as a dead letter, and an alarm tells of it.');

  stage.heading('He allows it, and the dead letter is tried again');
  await allowAsOwner(stage, account);
  stage.say('The accountant puts the statements of the plan into the policy of his bucket.');
  await stage.run(`fan-out redrive invoices ${endpoint}`, { expect: ['Redrive: 1 redriven, 0 not, 0 left.'] });
  for (const { prefix, ...destination } of [AMERICA, ARCHIVE, ACCOUNTANT]) {
    const copied = await textAt(account, destination, prefix + AFTER.copy);
    stage.check(copied === 'two', `${destination.Bucket} has it, octet for octet`);
    stage.say(`${destination.Bucket} has ${prefix}${AFTER.copy}`);
  }
  const lines = await linesOf(account, await functionNamed(account, 'invoices-copy'), start);
  stage.say(`a function's log: ${shown(lines.find(({ outcome }) => outcome === 'copied') ?? {}, SHOWN)}`);
  stage.say(
    'S3 told the topic, the topic told three functions, and each copied the version that the event names: two at once,',
  );
  stage.say('the third from its dead letter. Bytes go from bucket to bucket, never through a function.');
}

async function showBackfill(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('And what was there before?');
  await stage.run(`fan-out backfill invoices ${endpoint}`, {
    expect: ['Backfill: 3 objects handed over and worked off.'],
  });
  stage.check((await textAt(account, AMERICA, BEFORE.copy)) === 'one', 'the first invoice is in America');
  await stage.run(`fan-out verify invoices ${endpoint}`, { expect: ['Verify: 3 destinations, all as at the source.'] });
  stage.say(
    'The same functions copied it, by their queues of work. Source and copies were compared by their listings.',
  );
}

async function showDrift(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('Somebody empties the notifications of the bucket');
  await account
    .client(S3Client, REGION)
    .send(new PutBucketNotificationConfigurationCommand({ Bucket: SOURCE, NotificationConfiguration: {} }));
  stage.say('From now on nobody hears of new invoices.');
  await stage.run(`drift ${endpoint} ${ONLY} --detailed-exitcode`, {
    exit: 2,
    lines: 6,
    expect: ['BucketNotification', '(PutBucketNotification, exact)'],
  });
  await stage.run(`apply ${endpoint} ${ONLY} --yes`, {
    lines: 6,
    expect: ['A plan right after it is empty', 'Applied: 1 of 1'],
  });
  stage.say('The entry is back. What came meanwhile a backfill brings: it copies what is missing, and nothing else.');
}

function addAccountant(stage: Stage): void {
  appendFileSync(join(stage.directory, DOCUMENT), `${DESTINATION_LINE}\n`);
  const settings = join(stage.directory, 'config/settings.yaml');
  const text = readFileSync(settings, 'utf8');
  writeFileSync(settings, text.replace(/^ {2}accounts:$/m, `$&\n${ACCOUNT_LINE}`));
}

/** As their owners would: the source is versioned, and the accountant lets his customer look. */
async function makeBuckets(account: EmbeddedAccount): Promise<void> {
  await makeBucket(account, { Bucket: SOURCE, ...REGION });
  await makeBucket(account, AMERICA);
  await makeBucket(account, ARCHIVE);
  await makeBucket(account, ACCOUNTANT);
  await putPolicy(account, [lookStatement(account)]);
  const client = account.client(S3Client, REGION);
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: SOURCE, VersioningConfiguration }));
}

interface DemoBucket {
  readonly Bucket: string;
  readonly region: string;
  readonly account?: string;
}

async function makeBucket(account: EmbeddedAccount, { Bucket, ...place }: DemoBucket): Promise<void> {
  const LocationConstraint = place.region as BucketLocationConstraint;
  const configuration = place.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
  await account.client(S3Client, place).send(new CreateBucketCommand({ Bucket, ...configuration }));
}

async function putInvoice(account: EmbeddedAccount, Key: string, Body: string): Promise<void> {
  const object = { Bucket: SOURCE, Key, Body, ContentType: 'application/pdf' };
  await account.client(S3Client, REGION).send(new PutObjectCommand(object));
}

async function textAt(account: EmbeddedAccount, { Bucket, ...place }: DemoBucket, Key: string): Promise<string> {
  const { Body } = await account.client(S3Client, place).send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

/** What the accountant does: he adds the statement of the plan to what his bucket's policy has. */
async function allowAsOwner(stage: Stage, account: EmbeddedAccount): Promise<void> {
  const { documents } = JSON.parse(readFileSync(join(stage.directory, PLAN), 'utf8')) as Plan;
  const findings = documents.flatMap((document) => document.findings);
  const found = findings.find(({ code }) => code === 'owner-must-allow')?.data?.['bucketPolicy'];
  stage.check(found !== undefined, 'the plan has the policy that the owner must set');
  const { Statement } = found as { readonly Statement: readonly object[] };
  await putPolicy(account, [lookStatement(account), ...Statement]);
}

/** By which a customer may look at his own copies: the plan reads the versioning, `verify` lists. S3 shows a bucket's policy to no other account. */
function lookStatement({ account }: EmbeddedAccount): object {
  const { Bucket, prefix } = ACCOUNTANT;
  return {
    Sid: 'Customer',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ['s3:GetBucketVersioning', 's3:GetObject', 's3:ListBucket'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/${prefix}*`],
  };
}

async function putPolicy(account: EmbeddedAccount, Statement: readonly object[]): Promise<void> {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const client = account.client(S3Client, ACCOUNTANT);
  await client.send(new PutBucketPolicyCommand({ Bucket: ACCOUNTANT.Bucket, Policy }));
}
