import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListRolesCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListHostedZonesCommand, UpdateHostedZoneCommentCommand } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { exitOfApply } from '../src/cli/exit-codes.ts';
import { openEmbedded } from '../src/embedded/index.ts';
import type { ApplyResult } from '../src/engine/types.ts';
import { apply } from '../src/operations/apply.ts';
import { silent } from '../src/operations/reporter.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const REGION = { region: 'eu-west-1' };
const STALE = {
  milliseconds: 30_000,
  services: [
    'iam',
    'route-53',
    'lambda',
    'eventbridge',
    'cloudwatch',
    'cloudwatch-logs',
    'resource-groups-tagging-api',
  ],
};
/** How long an apply looks again before it says that it did not converge (threats F11). */
const SETTLE_BUDGET_MS = 60_000;

async function staleEstate(): Promise<TestEstate> {
  const estate = await createEstate({ stale: STALE });
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2\nvpn A 10.0.0.3');
  estate.write('corp.yaml', mirror(estate));
  return estate;
}

/** Writes that were taken, by their names. */
function takenSince({ account }: TestEstate, seen: number): Readonly<Record<string, number>> {
  const taken = account
    .events()
    .slice(seen)
    .filter(({ readOnly, errorCode }) => !readOnly && errorCode === undefined);
  const names = taken.map(({ eventName }) => eventName);
  return Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]));
}

describe('an account whose reads are eventually consistent', () => {
  it('answers with what was, and judges writes by what is; buckets are as they are', async () => {
    const account = openEmbedded('memory', { stale: STALE });
    const logs = account.client(CloudWatchLogsClient, REGION);
    const s3 = account.client(S3Client, REGION);
    const groups = async (): Promise<number> => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups!.length;

    await logs.send(new CreateLogGroupCommand({ logGroupName: 'one' }));
    await s3.send(new CreateBucketCommand({ Bucket: 'acme-one' }));

    expect(await groups()).toBe(0);
    await s3.send(new HeadBucketCommand({ Bucket: 'acme-one' }));
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName: 'one' }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    account.elapse(29_000);
    expect(await groups()).toBe(0);
    account.elapse(1_000);
    expect(await groups()).toBe(1);
    account.close();
  });
});

describe('F11 with reads that are 30 s behind', () => {
  it('a mirror is made: each object once, and the plan after it is empty', async () => {
    const estate = await staleEstate();

    const result = await estate.apply(await estate.plan());

    expect(result).toMatchObject({ outcome: 'applied', failed: [], replan: { summary: { create: 0, update: 0 } } });
    expect((await estate.plan({ full: true })).actions).toEqual([]);
    expect(takenSince(estate, 0)).toMatchObject({
      CreateHostedZone: 1,
      CreateFunction: 2,
      CreateRole: 2,
      CreateLogGroup: 2,
      AddPermission: 1,
    });
    const { account } = estate;
    const { Functions } = await account.client(LambdaClient, REGION).send(new ListFunctionsCommand({}));
    const { Roles } = await account.client(IAMClient, REGION).send(new ListRolesCommand({}));
    const { HostedZones } = await estate.client.send(new ListHostedZonesCommand({}));
    expect([Functions, Roles, HostedZones].map((list) => list?.length)).toEqual([2, 2, 1]);
  });

  it('a mirror is changed: nothing is written again and again, and the plan after it is empty', async () => {
    const estate = await staleEstate();
    await estate.apply();
    estate.rewrite('corp.yaml', (yaml) =>
      yaml
        .replace('comment: mirror', 'comment: office')
        .replace('rate(15 minutes)', 'rate(30 minutes)')
        .concat('  function: { memory: 512, logRetention: 14d }\n'),
    );
    const seen = estate.account.events().length;

    const result = await estate.apply(await estate.plan());

    expect(result).toMatchObject({ outcome: 'applied', failed: [], replan: { summary: { create: 0, update: 0 } } });
    expect((await estate.plan({ full: true })).actions).toEqual([]);
    const taken = takenSince(estate, seen);
    expect(taken).toMatchObject({ UpdateFunctionConfiguration: 2, PutRetentionPolicy: 2, PutRule: 1 });
    // Its tags and its comment are read one after the other, and of a write in between one shows and the other does not.
    expect(taken['UpdateHostedZoneComment']).toBeLessThanOrEqual(2);
  });

  it('somebody else makes an object that nobody sees yet: it is waited for, and left alone', async () => {
    const estate = await staleEstate();
    const logGroupName = `/aws/lambda/${await estate.functionName('Mirror')}`;
    const logs = estate.account.client(CloudWatchLogsClient, REGION);
    await logs.send(new CreateLogGroupCommand({ logGroupName }));

    const result = await estate.apply();

    expect(result.outcome).toBe('partial');
    expect(result.failed).toEqual([
      { id: 'ZoneMirror/corp/MirrorLogs', error: 'what is there now is not ours (foreign): plan again' },
    ]);
    estate.account.elapse(STALE.milliseconds);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    expect(logGroups).toMatchObject([{ logGroupName }]);
    expect(logGroups[0]).not.toHaveProperty('retentionInDays');
  });
});

describe('what does not converge', () => {
  /** Somebody undoes what was just written, before the last look. */
  async function undone(): Promise<{ readonly result: ApplyResult; readonly waited: number }> {
    const estate = await createEstate();
    estate.serve('corp.test', 5, 'www A 10.0.0.2');
    estate.write('corp.yaml', mirror(estate));
    await estate.apply();
    estate.rewrite('corp.yaml', (yaml) => yaml.replace('comment: mirror', 'comment: office'));
    const { HostedZones = [] } = await estate.client.send(new ListHostedZonesCommand({}));
    const undo = new UpdateHostedZoneCommentCommand({ Id: HostedZones[0]?.Id, Comment: 'hands off' });
    let undoing: Promise<unknown> = Promise.resolve();
    let ended = 0;
    const { result } = await apply(await estate.load(), {
      endpoint: { kind: 'embedded', account: estate.account },
      reporter: {
        ...silent,
        onEnd({ id }) {
          if (id === 'ZoneMirror/corp/Zone') undoing = estate.client.send(undo);
          ended = estate.account.now();
        },
      },
    });
    await undoing;
    if (!result) throw new Error('it was not asked whether to apply');
    return { result, waited: estate.account.now() - ended };
  }

  it('is looked at again for a minute and then said', async () => {
    const { result, waited } = await undone();

    expect([result.outcome, exitOfApply(result, undefined)]).toEqual(['not-converged', 6]);
    expect(result.replan?.summary.update).toBe(1);
    expect(waited).toBeGreaterThanOrEqual(SETTLE_BUDGET_MS);
    expect(waited).toBeLessThan(SETTLE_BUDGET_MS + 5_000);
  });
});
