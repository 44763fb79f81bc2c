import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../embedded/index.ts';
import type { EmbeddedAccount } from '../../embedded/index.ts';
import { functionNamed, linesOf, REGION, shown } from './log-lines.ts';
import type { Fields } from './log-lines.ts';
import { createDemoRepository } from './repository.ts';
import type { DemoRepository } from './repository.ts';
import type { Stage } from './stage.ts';

const LOOP = 'ReconcileLoop/main';
const BUNDLE = { Bucket: 'acme-trueup', Key: 'estate.tar.gz' };
const SCHEDULE = 'config/ec2/office-hours.yaml';
/** A little more than the loop's half an hour. */
const A_RUN_MS = 31 * 60_000;
/** Fields of a run's log line that the tour shows: what it came to, then its metrics. */
const SHOWN = ['outcome', 'generation', 'Documents', 'Drifted', 'Healed', 'Applied', 'Left', 'Refused', 'Failed'];

/** The loop in Lambda goes by what is committed, signed and approved, and by nothing else. */
export async function runLoopTour(stage: Stage, endpoint: string): Promise<void> {
  stage.heading('The loop takes its configuration from git, signed');
  const repository = createDemoRepository(stage.directory);
  stage.say(`git init, git add config, git commit: ${repository.commit('The estate')}`);
  await stage.run(`publish ${endpoint}`, { lines: 5, expect: ['published to s3://acme-trueup/estate.tar.gz'] });
  stage.say(
    'A tar.gz of what is committed, signed by a KMS key. The loop believes that key, and neither bucket nor event.',
  );

  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    await showHealing(stage, account);
    const older = await bundleOf(account);
    await showApproval(stage, account, repository, endpoint);
    await showRefusals(stage, account, older);
  } finally {
    account.close();
  }
}

async function showHealing(stage: Stage, account: EmbeddedAccount): Promise<void> {
  stage.heading('Nobody types a command: the loop undoes what was done by hand');
  await slowDown(account);
  stage.say('Somebody lets the schedule run every 7 days only. Half an hour goes by, and a rule starts the loop.');
  const start = account.now();
  await account.advance(A_RUN_MS);
  const line = await lastLine(stage, account, start);
  const [found] = line['drifted'] as readonly Fields[];
  stage.say(`found: ${shown(found ?? {}, ['id', 'fields', 'who'])}`);
  stage.check(line['outcome'] === 'healed' && line['Healed'] === 1, 'the loop healed it');
  stage.check((await scheduleRule(account)).ScheduleExpression === 'rate(10 minutes)', 'the rule runs as declared');
  stage.say('It looks and writes as the apply role, with the guards, the seal and the lease of apply.');
}

async function showApproval(
  stage: Stage,
  account: EmbeddedAccount,
  repository: DemoRepository,
  endpoint: string,
): Promise<void> {
  stage.heading('A new commit comes with its approval, and not without');
  const file = join(stage.directory, SCHEDULE);
  writeFileSync(file, readFileSync(file, 'utf8').replace("off: '18:00'", "off: '17:00'"));
  stage.say(`Machines are to stop at 17:00. Committed: ${repository.commit('Stop at five')}`);
  await stage.run(`publish ${endpoint} --quiet`, { lines: 6, expect: ['generation 2', 'before: commit'] });
  const waiting = await run(stage, account);
  stage.check(waiting['Left'] === 1 && waiting['Applied'] === 0, 'the loop leaves what nobody has approved');
  stage.say('The loop sees the commit and leaves the document as it is. Somebody reads the plan, and approves it:');
  await stage.run(`plan ${endpoint} --out change.json`, { lines: 16, expect: ['18:00 → 17:00', '1 to update'] });
  await stage.run(`approve ${endpoint} --plan change.json`, { lines: 5, expect: ['approved: 1 plan'] });
  const applied = await run(stage, account);
  stage.check(applied['outcome'] === 'applied' && applied['Applied'] === 1, 'the loop applies what was approved');
  await stage.run(`plan ${endpoint} --detailed-exitcode`, { lines: 1, expect: ['Plan: 0 to create, 0 to update'] });
}

async function showRefusals(stage: Stage, account: EmbeddedAccount, older: Uint8Array): Promise<void> {
  stage.heading('Somebody puts another bundle in its place');
  const current = await bundleOf(account);
  const altered = Uint8Array.from(current);
  altered.set([(altered.at(-9) ?? 0) ^ 1], altered.length - 9);
  for (const [what, bytes] of [
    ['One bit is turned in it.', altered],
    ['The first one is put back, with its good signature.', older],
  ] as const) {
    await putBundle(account, bytes);
    stage.say(what);
    const before = rolesTaken(account);
    const { refusal, ...line } = await run(stage, account);
    const { code, message } = refusal as { readonly code: string; readonly message: string };
    stage.say(`refused: ${code}: ${message}`);
    stage.check(line['Refused'] === 1 && line['Failed'] === 1, 'the loop refuses it, and its alarm goes off');
    stage.check(rolesTaken(account) === before, 'the loop has taken no role');
  }
  await putBundle(account, current);
  stage.say('Nothing was unpacked, no role taken, no account asked; the metric Failed raises an alarm.');
}

/** What the rule would do next. */
async function run(stage: Stage, account: EmbeddedAccount): Promise<Fields> {
  const start = account.now();
  await account.invoke(await functionNamed(account, 'main-loop-'), { action: 'run', document: LOOP }, REGION);
  return lastLine(stage, account, start);
}

async function lastLine(stage: Stage, account: EmbeddedAccount, start: number): Promise<Fields> {
  const line = (await linesOf(account, await functionNamed(account, 'main-loop-'), start)).at(-1) ?? {};
  stage.say(`its log: ${shown(line, SHOWN)}`);
  return line;
}

async function scheduleRule(account: EmbeddedAccount) {
  const client = account.client(EventBridgeClient, REGION);
  const { Rules: [rule] = [] } = await client.send(new ListRulesCommand({ NamePrefix: 'office-hours-rule-' }));
  return rule ?? {};
}

/** As a person in the console would. */
async function slowDown(account: EmbeddedAccount): Promise<void> {
  const { Name, Description } = await scheduleRule(account);
  const rule = { Name, Description, ScheduleExpression: 'rate(7 days)', State: 'ENABLED' } as const;
  await account.client(EventBridgeClient, REGION).send(new PutRuleCommand(rule));
}

function rolesTaken(account: EmbeddedAccount): number {
  return account.events().filter(({ eventName }) => eventName === 'AssumeRole').length;
}

async function bundleOf(account: EmbeddedAccount): Promise<Uint8Array> {
  const { Body } = await account.client(S3Client, REGION).send(new GetObjectCommand(BUNDLE));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

async function putBundle(account: EmbeddedAccount, Body: Uint8Array): Promise<void> {
  await account.client(S3Client, REGION).send(new PutObjectCommand({ ...BUNDLE, Body }));
}
