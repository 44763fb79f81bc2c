import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { join } from 'node:path';
import { openEmbedded } from '../../embedded/index.ts';
import type { EmbeddedAccount } from '../../embedded/index.ts';
import { functionNamed, linesOf, REGION, shown } from './log-lines.ts';
import type { Fields } from './log-lines.ts';
import type { DemoPrimary } from './primary.ts';
import type { Stage } from './stage.ts';

/** A little more than the schedule's quarter of an hour: what ran is judged, too. */
const A_RUN_MS = 17 * 60_000;
const MIRROR = 'corp-mirror-';
/** Fields of a run's log line that the tour shows. */
const SHOWN = ['outcome', 'serialFrom', 'serialTo', 'Added', 'Removed', 'transfer', 'calls', 'Blocked'];

/** What goes on while nobody is there: the rule starts the mirror function, whose code really runs. */
export async function runFunctionTour(
  stage: Stage,
  primary: DemoPrimary,
  zone: string,
  endpoint: string,
): Promise<void> {
  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    await showMirroring(stage, primary, account, zone, endpoint);
    await showBlocking(stage, primary, account, zone);
    stage.heading('Does what runs really answer?');
    await stage.run(`verify ${endpoint} --only ZoneMirror/corp`, { expect: ['all well'] });
    stage.say('Asked of the second function, which only looks: primary, transfer, Route 53.');
    await showChangedFunction(stage, account, endpoint);
  } finally {
    account.close();
  }
}

async function showMirroring(
  stage: Stage,
  primary: DemoPrimary,
  account: EmbeddedAccount,
  zone: string,
  endpoint: string,
): Promise<void> {
  stage.heading('Nobody types a command: the rule starts the function');
  const serial = await primary.edit(zone, (text) => `${text}\nnight-build 300 IN A 10.1.7.98\n`);
  stage.say(`Another host at the primary, serial ${serial}. A quarter of an hour goes by.`);
  const line = await nextRun(stage, account);
  stage.check(line['outcome'] === 'mirrored' && line['serialTo'] === serial, 'the function mirrored the new version');
  stage.say('The function ran in a thread of its own, with the rights of its role and nothing else.');
  await stage.run(`plan ${endpoint} --full --detailed-exitcode`, {
    lines: 1,
    expect: ['Plan: 0 to create, 0 to update'],
  });
}

async function showBlocking(stage: Stage, primary: DemoPrimary, account: EmbeddedAccount, zone: string): Promise<void> {
  stage.heading('At night the primary serves half a zone');
  let whole = '';
  await primary.edit(zone, (text) => {
    whole = text;
    return text.replaceAll(/^(?:build|web|intranet|mail|printer|dc|vpn|old|git|wiki).*$/gm, '');
  });
  const blocked = await nextRun(stage, account);
  stage.check(blocked['outcome'] === 'blocked', 'the function wrote nothing');
  stage.check((await alarmState(account)) === 'ALARM', 'the alarm is raised');
  stage.say('The guard holds in the function too: nothing was written, and the alarm corp-alarm is raised.');
  await primary.edit(zone, () => bumped(whole));
  const healed = await nextRun(stage, account);
  stage.check(healed['outcome'] === 'mirrored', 'the function mirrors again');
  stage.check((await alarmState(account)) === 'OK', 'the alarm is over');
  stage.say('The primary is well again, and so is the alarm.');
}

async function showChangedFunction(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('Somebody turns a screw at the function');
  const client = account.client(LambdaClient, REGION);
  await client.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: await functionNamed(account, MIRROR), MemorySize: 128 }),
  );
  account.elapse(60_000);
  await stage.run(`drift ${endpoint} --detailed-exitcode`, {
    exit: 2,
    expect: ['MemorySize', '(UpdateFunctionConfiguration, exact)'],
  });
  await stage.run(`apply ${endpoint} --yes`, { expect: ['A plan right after it is empty', 'Applied: 1 of 1'] });
}

/** Lets the clock go on until the mirror has run, and shows what its one log line says. */
async function nextRun(stage: Stage, account: EmbeddedAccount): Promise<Fields> {
  const start = account.now();
  await account.advance(A_RUN_MS);
  const line = (await linesOf(account, await functionNamed(account, MIRROR), start)).at(-1) ?? {};
  stage.say(`its log: ${shown(line, SHOWN)}`);
  return line;
}

async function alarmState(account: EmbeddedAccount): Promise<string | undefined> {
  const client = account.client(CloudWatchClient, REGION);
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'corp-alarm-' }));
  return MetricAlarms[0]?.StateValue;
}

/** The next serial but one: the version in between was the broken one. */
function bumped(text: string): string {
  return text.replace(/\b\d{10}\b/, (serial) => String(Number(serial) + 1));
}
