import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGithub } from '../../src/github/client.ts';
import { markerLine, readMarker } from '../../src/github/marker.ts';
import { openLoop } from '../../src/operations/loop/open.ts';
import { runLoop } from '../../src/operations/loop/run-loop.ts';
import { tellLoop } from '../../src/operations/loop/tell.ts';
import type { Told } from '../../src/operations/loop/tell.ts';
import { loopNamed } from '../../src/operations/watch/loop-of.ts';
import { connect } from '../../src/operations/world.ts';
import { clockOf } from '../../src/operations/endpoint.ts';
import { loopDocument } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import { CANARY, openSlack } from '../notify/fake-slack.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github } from '../support/github/index.ts';
import type { Issue } from '../support/github/types.ts';
import { NOW } from '../support/estate.ts';
import { createLoopEstate, REGION } from '../support/loop-estate.ts';
import type { LoopEstate } from '../support/loop-estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

// A function is loaded anew for every account, and several tests run beside each other.
vi.setConfig({ testTimeout: 240_000 });

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const TOKEN = 'secretsmanager:trueup/issue-token';
const OFFICE = scheduleYaml(['every: rate(10 minutes)']);
const LAB = scheduleYaml(['every: rate(10 minutes)', 'tagKey: Lab'], 'lab');
const PLACE = { region: REGION };

interface Heard {
  readonly event: string;
  readonly subject: string;
  readonly message: string;
}

interface Tells extends LoopEstate {
  readonly github: Github;
  issues(): readonly Issue[];
  /** What the topic heard since it was asked last. */
  heard(): readonly Heard[];
}

interface TellsOptions {
  readonly mode?: 'report' | 'heal' | 'apply';
  readonly private?: boolean;
  /** Further lines of `notify`. */
  readonly slack?: boolean;
  /** What lies behind the token's reference; default: a person's token. */
  readonly token?: string;
}

/** An applied estate of two schedules, whose loop keeps an issue and tells a topic. */
async function tells({ mode = 'report', slack = false, token, ...options }: TellsOptions = {}): Promise<Tells> {
  let now = (): number => NOW;
  const github = await openGithub({ private: options.private ?? true, now: () => now() });
  onTestFinished(github.close);
  const spec = [`issue: { repository: acme/estate, token: "${TOKEN}", api: "${github.url}" }`];
  const estate = await createLoopEstate({ mode, spec, documents: { 'office.yaml': OFFICE, 'lab.yaml': LAB } });
  const { account } = estate;
  now = () => account.now();
  await account.client(SNSClient, PLACE).send(new CreateTopicCommand({ Name: 'ops' }));
  account.putSecret(TOKEN, token ?? github.personalToken('keeper'), PLACE);
  const notify = slack ? `sns: "${TOPIC}", slack: "ssm:/slack"` : `sns: "${TOPIC}"`;
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  notify: { ${notify} }\n`);
  const { outcome, failed } = await estate.apply();
  expect([outcome, failed]).toEqual(['applied', []]);
  await estate.publish(7);
  let seen = 0;
  return {
    ...estate,
    github,
    issues: () => [...github.state.issues.values()],
    heard() {
      const all = account.messages(TOPIC);
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh.map(({ attributes, subject, message }) => ({
        event: attributes['event'] ?? '',
        subject: subject ?? '',
        message,
      }));
    },
  };
}

/** Somebody sets the rule of a schedule to another pace. */
async function tamper(estate: LoopEstate, of = 'office-hours'): Promise<void> {
  const client = estate.account.client(EventBridgeClient, PLACE);
  const { Rules: [rule] = [] } = await client.send(new ListRulesCommand({ NamePrefix: of }));
  const { Name, Description } = rule!;
  await client.send(new PutRuleCommand({ Name, Description, ScheduleExpression: 'rate(7 days)', State: 'ENABLED' }));
}

/** The plan role may do everything but look at rules. */
async function blindfold({ account }: LoopEstate): Promise<void> {
  const iam = account.client(IAMClient, PLACE);
  const text = (Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const Principal = { AWS: 'arn:aws:iam::111122223333:root' };
  const AssumeRolePolicyDocument = text([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }]);
  await iam.send(new CreateRoleCommand({ RoleName: 'trueup-plan', AssumeRolePolicyDocument }));
  const PolicyDocument = text([
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'events:*', Resource: '*' },
  ]);
  await iam.send(new PutRolePolicyCommand({ RoleName: 'trueup-plan', PolicyName: 'look', PolicyDocument }));
}

describe('the issue of a loop', () => {
  it('is opened by drift, edited, closed when all is healed, and taken up again; beside that of drift --issue', async () => {
    const estate = await tells();
    const { github } = estate;
    const marker = { v: 1, scope: 'default', documents: 1, objects: 1, fingerprint: 'x' } as const;
    const other = github.openIssue('keeper', {
      title: 'of CI',
      body: `${markerLine('drift', marker)}\n`,
      labels: ['drift'],
    });
    const before = { ...other };

    expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
    expect(estate.issues()).toHaveLength(1);
    expect((await estate.lines()).at(-1)).toMatchObject({ issue: { action: 'unchanged' } });

    await tamper(estate);
    await estate.run();
    const [, issue] = estate.issues();
    expect(issue).toMatchObject({
      title: 'trueup drift: 1 object (ReconcileLoop/main)',
      state: 'open',
      labels: ['drift'],
      user: { login: 'keeper' },
    });
    expect(readMarker(issue!.body!, 'drift')).toMatchObject({
      scope: 'loop/acme-network/main',
      documents: 1,
      objects: 1,
    });
    expect(issue!.body).toMatch(
      /\| `~` \| `InstanceSchedule\/office-hours` \| 1 object changed outside git \| `2026-11-24 10:\d\d UTC` by `.+` \(`PutRule`\) \|/,
    );
    expect(issue!.body).toContain('~ InstanceSchedule/office-hours/Rule  ScheduleExpression\n');
    expect(issue!.body).toContain('mode report');
    expect(issue!.body).toContain('heal:    trueup apply --only InstanceSchedule/office-hours\n');
    const opened = issue!.body;

    const writes = github.writes().length;
    await estate.run();
    expect(github.writes()).toHaveLength(writes);
    expect(issue!.body).toBe(opened);

    await tamper(estate, 'lab');
    await estate.run();
    expect(issue).toMatchObject({ title: 'trueup drift: 2 objects (ReconcileLoop/main)', state: 'open' });
    expect(issue!.body).toContain('`InstanceSchedule/lab`');

    await estate.apply();
    expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
    expect(issue).toMatchObject({ state: 'closed', stateReason: 'completed' });
    expect(issue!.comments.at(-1)!.body).toMatch(/^Gone: a complete look found no drift/);

    await tamper(estate);
    await estate.run();
    expect(issue!.state).toBe('open');
    expect(issue!.comments.at(-1)!.body).toMatch(/^Drifted again: 1 document, 1 object/);

    expect(estate.issues()).toHaveLength(2);
    expect(other).toEqual(before);
    expect((await estate.lines()).map(({ issue: told }) => (told as { action: string }).action)).toEqual([
      'unchanged',
      'opened',
      'unchanged',
      'updated',
      'closed',
      'reopened',
    ]);
    const heard = estate.heard().filter(({ event }) => event.startsWith('drift'));
    expect(heard.map(({ event, subject }) => [event, subject])).toEqual([
      ['drift-opened', 'trueup acme-network: 1 object drifted'],
      ['drift-gone', 'trueup acme-network: no drift any more'],
      ['drift-opened', 'trueup acme-network: 1 object drifted'],
    ]);
    expect(heard[0]!.message).toMatch(/\/issues\/2\n/);
  });

  it('names what waits for an apply, which is no drift', async () => {
    const estate = await tells();
    await estate.run();
    estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
    await estate.publish(8);

    await estate.run();
    const [issue] = estate.issues();
    expect(issue).toMatchObject({ title: 'trueup drift: 1 document left alone (ReconcileLoop/main)', state: 'open' });
    expect(issue!.body).toContain('| `=` | `InstanceSchedule/office-hours` | `not-applied`: ');
    expect(estate.heard()).toEqual([]);

    await estate.apply();
    await estate.run();
    expect(issue!.state).toBe('closed');
  });

  it('stays open where not everything could be looked at, and nobody hears that drift is gone', async () => {
    const estate = await tells();
    await tamper(estate);
    await estate.run();
    const [issue] = estate.issues();
    const title = issue!.title;
    await estate.apply();
    estate.heard();
    await blindfold(estate);

    expect(await estate.run()).toMatchObject({
      outcome: 'partial',
      left: expect.arrayContaining([expect.objectContaining({ why: 'unknown' })]),
    });
    expect(issue).toMatchObject({ title, state: 'open' });
    expect(issue!.body).toMatch(
      /Not everything could be looked at or written in the run of 2026-11-24T10:[\d:.]+Z: this stays open\.\n$/,
    );
    const heard = estate.heard() as readonly { readonly event: string; readonly message: string }[];
    expect(heard.map(({ event }) => event)).toEqual(['failed']);
    expect(heard[0]?.message).toMatch(/^acme-network: \d documents? could not be looked at\n/);
  });

  it('in a repository that anybody can read names no account and nobody', async () => {
    const estate = await tells({ private: false });
    await tamper(estate);
    const { drifted } = await estate.run();
    expect(drifted[0]!.who).toMatch(/\d{12}/);

    const [{ title, body } = { title: '', body: '' }] = estate.issues();
    expect(`${title}${body}`).not.toMatch(/\d{12}/);
    expect(body).toMatch(/by `<person [a-p]{16}>` \(`PutRule`\)/);
  });

  it.each([
    { isPrivate: true, shown: '`arn:aws:sts::111122223333:assumed-role/ops/alice may not <U+007C> look`' },
    { isPrivate: false, shown: '`arn:aws:sts::<account ' },
  ])('says why a document is left, private: $isPrivate', async ({ isPrivate, shown }) => {
    const estate = await tells({ private: isPrivate });
    const answer = await estate.run();
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const clock = clockOf(endpoint);
    const token = estate.github.personalToken('keeper');
    const message = 'arn:aws:sts::111122223333:assumed-role/ops/alice may not | look';
    const blocked = { document: 'InstanceSchedule/lab', why: 'blocked', message } as const;
    const told = await tellLoop(
      {
        role: 'plan',
        project: await estate.load(),
        answer: { ...answer, left: [blocked], leftAlone: 1, reasons: { blocked: 1 } },
      },
      {
        endpoint,
        run: 'test',
        issue: {
          name: 'main',
          clock,
          open: async () => createGithub({ api: estate.github.url, repository: 'acme/estate', token }, clock),
        },
      },
    );
    expect(told).toMatchObject({ issue: { action: 'opened' }, faults: [] });
    const [{ body } = { body: '' }] = estate.issues();
    const [row = ''] = /^.*`InstanceSchedule\/lab`.*$/mu.exec(body!) ?? [];
    expect(row).toContain(`\`blocked\`: something stands in its way: trueup plan says what · ${shown}`);
    expect(row).toMatch(/`[^|`]* may not <U\+007C> look` \|$/u);
    expect(/\d{12}|alice/u.test(body!)).toBe(isPrivate);
  });
});

describe('a topic', () => {
  it('hears what was healed, once, by the role that healed it', async () => {
    const estate = await tells({ mode: 'heal' });
    await estate.run();
    await tamper(estate);

    expect(await estate.run()).toMatchObject({ outcome: 'healed' });
    await estate.run();

    expect(estate.heard().map(({ event, subject }) => [event, subject])).toEqual([
      ['applied', 'trueup acme-network: 1 change healed'],
    ]);
    expect(estate.issues()).toEqual([]);
    const published = estate.account.events().filter(({ eventName }) => eventName === 'Publish');
    expect(published).toHaveLength(1);
    expect(JSON.stringify(published[0])).toContain('assumed-role/trueup-apply/');
  });
});

describe('who cannot be told', () => {
  it('is named in a line of the log, and nothing of the run changes', async () => {
    const estate = await tells({ token: '{\n  "token": "ghp_Canary"\n}' });
    await estate.account.client(SNSClient, PLACE).send(new DeleteTopicCommand({ TopicArn: TOPIC }));
    await tamper(estate);

    const answer = await estate.run();

    expect(answer).toMatchObject({ outcome: 'drifted', news: { opened: true } });
    const lines = await estate.lines();
    expect(lines.slice(-3)).toEqual([
      {
        level: 'warning',
        document: 'ReconcileLoop/main',
        untold: 'issue',
        message: 'the token of GitHub is none: a token is one word',
      },
      { level: 'warning', document: 'ReconcileLoop/main', untold: 'sns', message: expect.stringContaining('NotFound') },
      expect.objectContaining({ outcome: 'drifted', Failed: 0, untold: ['issue', 'sns'] }),
    ]);
    expect(JSON.stringify([lines, answer])).not.toContain('Canary');
  });

  it('is whoever a revoked token would have told', async () => {
    const estate = await tells({ token: 'ghp_revoked' });
    await estate.run();
    expect((await estate.lines()).slice(-2)).toMatchObject([
      { untold: 'issue', message: expect.stringContaining('401') },
      { outcome: 'in-line', Failed: 0, untold: ['issue'] },
    ]);
  });
});

it('Slack hears the same, where whoever runs the loop may reach it', async () => {
  const estate = await tells({ mode: 'heal', slack: true });
  const slack = await openSlack();
  estate.account.putSecret('ssm:/slack', slack.url, PLACE);
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  const project = await estate.load();
  const document = loopDocument(loopNamed(project, 'ReconcileLoop/main'), project.estate);
  const aws = connect(project, { endpoint, role: 'caller' });
  const all: Told[] = [];
  const once = async () =>
    runLoop({
      ...(await openLoop(aws, document, { clock: clockOf(endpoint), held: {} })),
      endpoint,
      run: 'test',
      left: () => Infinity,
      stop: new AbortController().signal,
      tell: async (told) => void all.push(await tellLoop(told, { endpoint, run: 'test' })),
    });
  await once();
  await tamper(estate);
  expect(await once()).toMatchObject({ outcome: 'healed' });

  expect(slack.posts.map(({ body }) => body.text)).toEqual(['acme-network: 1 change healed']);
  expect(estate.heard().map(({ event }) => event)).toEqual(['applied']);
  expect(all).toEqual([{ faults: [] }, { faults: [] }]);
  expect(JSON.stringify(all)).not.toContain(CANARY);
});

it('GitHub that does not answer in time is not waited for', async () => {
  const estate = await tells();
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  const answer = await estate.run();
  const told = await tellLoop(
    { role: 'plan', project: await estate.load(), answer },
    {
      endpoint,
      run: 'test',
      limit: async () => undefined,
      issue: { name: 'main', clock: clockOf(endpoint), open: () => new Promise(() => undefined) },
    },
  );
  expect(told).toEqual({ faults: [{ to: 'issue', message: 'GitHub did not answer in time' }] });
});

it('a configuration that is refused is told by the alarm a minute later, and by nothing that it names', async () => {
  const estate = await tells();
  await estate.run();
  const cloudwatch = estate.account.client(CloudWatchClient, PLACE);
  const stateOf = async () => {
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    const alarm = MetricAlarms.find(({ Namespace }) => Namespace === 'trueup/ReconcileLoop');
    return { state: alarm?.StateValue, tells: alarm?.AlarmActions };
  };
  await estate.account.advance(60_000);
  expect(await stateOf()).toEqual({ state: 'OK', tells: [TOPIC] });

  await tamper(estate);
  await estate.put('estate.tar.gz', Buffer.from('no bundle'));
  estate.github.log.length = 0;
  expect(await estate.run()).toMatchObject({ outcome: 'refused', news: { failed: true } });
  expect((await estate.lines()).at(-1)).toMatchObject({ outcome: 'refused', Failed: 1, Refused: 1 });
  await estate.account.advance(60_000);

  expect(await stateOf()).toEqual({ state: 'ALARM', tells: [TOPIC] });
  expect(estate.heard()).toEqual([]);
  expect(estate.github.log).toEqual([]);
});
