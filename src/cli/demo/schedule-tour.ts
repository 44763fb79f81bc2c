import { CreateTagsCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { join } from 'node:path';
import { openEmbedded } from '../../embedded/index.ts';
import type { EmbeddedAccount } from '../../embedded/index.ts';
import { functionNamed, linesOf, REGION, shown } from './log-lines.ts';
import type { Stage } from './stage.ts';

const TAG = 'EntScheduler';
const MINUTE_MS = 60_000;
/** Machines of the demo, by what they are to show. */
const MACHINES = { data: 'i-0da7a0000000000e1', owned: 'i-00b0e0000000000e2', wrong: 'i-0b0b00000000000e3' };
/** Fields of an instance's log line that the tour shows. */
const SHOWN = ['instance', 'state', 'decision', 'reason', 'fault', 'outcome'];

/** What runs in the account before anybody plans. */
export function putMachines(stage: Stage): void {
  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    const launched = account.now() - 7 * 24 * 60 * MINUTE_MS;
    account.putInstances(
      [
        { id: MACHINES.data, type: 'm5.large', tags: { Name: 'etl', team: 'data' }, launched },
        { id: MACHINES.owned, type: 't3.large', tags: { Name: 'build' }, launched },
        { id: MACHINES.wrong, type: 't3.micro', tags: { Name: 'test', [TAG]: 'mon;0830;mon;24:00' }, launched },
      ],
      REGION,
    );
  } finally {
    account.close();
  }
}

/** Owners and the platform team say when machines run; the function does it. */
export async function runScheduleTour(stage: Stage, endpoint: string): Promise<void> {
  stage.heading('When do the machines of the data team run?');
  await stage.run('preview schedule london-office', { lines: 14, expect: ['Europe/London'] });
  stage.say('The same code decides in the function. Nothing was asked of AWS.');

  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    await showOwner(stage, account);
    await showDrift(stage, account, endpoint);
  } finally {
    account.close();
  }
}

async function showOwner(stage: Stage, account: EmbeddedAccount): Promise<void> {
  stage.heading('An owner tags a machine');
  const tag = stopAt(account.now() + 12 * MINUTE_MS);
  await setTag(account, MACHINES.owned, tag);
  stage.say(`${MACHINES.owned} gets the tag ${TAG} = ${tag}, in UTC. Half an hour goes by.`);
  const start = account.now();
  await account.advance(30 * MINUTE_MS);
  const lines = await linesOf(account, await functionNamed(account, 'office-hours-scheduler-'), start);
  stage.check((await stateOf(account, MACHINES.owned)) === 'stopped', 'the machine is stopped');
  const stop = lines.find((line) => line['instance'] === MACHINES.owned && line['decision'] === 'stop');
  const bad = lines.find((line) => line['instance'] === MACHINES.wrong);
  stage.check(stop !== undefined && bad !== undefined, 'the function says what it did');
  for (const line of [stop, bad]) stage.say(`its log: ${shown(line ?? {}, SHOWN)}`);
  const said = (await tagsOf(account, MACHINES.wrong))['trueup:schedule-error'];
  stage.check(said === `${TAG}: bad-time at column 14`, 'the owner of a wrong tag is told');
  stage.say(`A wrong tag stops its own machine only: ${MACHINES.wrong} now carries trueup:schedule-error = ${said}`);
}

async function showDrift(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('Somebody takes a machine out of its schedule');
  stage.check((await tagsOf(account, MACHINES.data))[TAG] === 'london-office', 'apply has tagged the machine');
  await setTag(account, MACHINES.data, 'mon;0000;;');
  await stage.run(`drift ${endpoint} --only InstanceSchedule/* --detailed-exitcode`, {
    exit: 2,
    expect: ['1 schedule tag changed outside git', 'mon;0000;;', '(CreateTags, exact)'],
  });
  await stage.run(`apply ${endpoint} --yes`, {
    lines: 14,
    expect: ['A plan right after it is empty', 'Applied: 1 of 1'],
  });
  stage.check((await tagsOf(account, MACHINES.data))[TAG] === 'london-office', 'the tag is as assigned again');
}

/** A tag that only stops, every day at this minute. */
function stopAt(at: number): string {
  return `;;mon,tue,wed,thu,fri,sat,sun;${new Date(at).toISOString().slice(11, 16).replace(':', '')};`;
}

async function setTag(account: EmbeddedAccount, id: string, Value: string): Promise<void> {
  const client = account.client(EC2Client, REGION);
  await client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: TAG, Value }] }));
}

async function describe(account: EmbeddedAccount, id: string) {
  const client = account.client(EC2Client, REGION);
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0];
}

async function stateOf(account: EmbeddedAccount, id: string): Promise<string | undefined> {
  return (await describe(account, id))?.State?.Name;
}

async function tagsOf(account: EmbeddedAccount, id: string): Promise<Readonly<Record<string, string>>> {
  const { Tags = [] } = (await describe(account, id)) ?? {};
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
