import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PublishedMessage } from '../../src/embedded/index.ts';
import { buildProgram } from '../support/build-program.ts';
import { createDesk, DESK_SETTINGS, EMBEDDED } from '../support/cli-process.ts';
import type { Desk } from '../support/cli-process.ts';
import { openSlack } from './fake-slack.ts';
import type { Answer, FakeSlack } from './fake-slack.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const SECRET = 'secretsmanager:trueup/slack';
const REGION = { region: 'eu-west-1' };

interface Told {
  readonly desk: Desk;
  readonly slack: FakeSlack;
  messages(): readonly PublishedMessage[];
}

interface Options {
  readonly answers?: readonly Answer[];
  readonly notify?: string;
  readonly secret?: string;
}

/** A desk whose Settings name a topic and Slack, in an account that has both. */
async function createTold({ answers, notify, secret }: Options = {}): Promise<Told> {
  const desk = await createDesk();
  const slack = await openSlack(answers);
  const targets = notify ?? `{ sns: "${TOPIC}", slack: "${SECRET}" }`;
  desk.write('config/settings.yaml', `${DESK_SETTINGS}  notify: ${targets}\n`);
  const account = desk.open();
  await account.client(SNSClient, REGION).send(new CreateTopicCommand({ Name: 'ops' }));
  account.putSecret(SECRET, secret ?? slack.url, REGION);
  account.close();
  return {
    desk,
    slack,
    messages() {
      const opened = desk.open();
      const found = opened.messages(TOPIC);
      opened.close();
      return found;
    },
  };
}

/** Lines of stderr about notices. */
function faultsOf(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line.includes('was not told'));
}

describe('apply', () => {
  it('tells once what it did, and nothing where nothing was to do', async () => {
    const { desk, slack, messages } = await createTold();

    const first = await desk.run(`apply --yes ${EMBEDDED}`, {
      env: { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/infra', GITHUB_RUN_ID: '7' },
    });

    expect(first).toMatchObject({ exit: 0 });
    expect(faultsOf(first.stderr)).toEqual([]);
    const [message, ...more] = messages();
    expect(more).toEqual([]);
    expect(message).toMatchObject({ attributes: { event: 'applied', owner: 'acme-network' } });
    expect(message!.subject).toMatch(/^trueup acme-network: \d+ changes applied$/);
    expect(message!.message).toMatch(/\nApplied: (\d+) of \1\. Plan [0-9a-f]{8}\.\n- ZoneMirror\/a: \1 changes\n/);
    expect(message!.message).toContain('\nhttps://github.com/acme/infra/actions/runs/7\n');
    expect(slack.posts).toHaveLength(1);
    expect(JSON.stringify(slack.posts)).toContain('<https://github.com/acme/infra/actions/runs/7|more>');

    const second = await desk.run(`apply --yes ${EMBEDDED}`);
    expect(second).toMatchObject({ exit: 0 });
    expect([messages().length, slack.posts.length]).toEqual([1, 1]);
  });

  it('tells that it failed: a plan that is stale', async () => {
    const { desk, slack, messages } = await createTold();
    expect(await desk.run(`plan --out plan.json ${EMBEDDED}`)).toMatchObject({ exit: 0 });
    desk.write('config/dns/a.yaml', desk.read('config/dns/a.yaml').replace('rate(15', 'rate(20'));
    const stale = await desk.run(`apply --plan plan.json ${EMBEDDED}`);

    expect(stale).toMatchObject({ exit: 3 });
    expect(messages()).toMatchObject([{ attributes: { event: 'failed' } }]);
    expect(slack.posts).toHaveLength(1);
    expect(JSON.stringify(slack.posts[0])).toContain('- ZoneMirror/a: not as reviewed');
  });

  it('tells what it did in part, and of an error what was not allowed and no more', async () => {
    const { desk, slack, messages } = await createTold();
    const fault = { service: 'lambda', command: 'CreateFunction', times: 100, fault: 'access-denied' };
    const ended = await desk.run(`apply --yes ${EMBEDDED}`, { env: { TRUEUP_FAULTS: JSON.stringify([fault]) } });

    expect(ended).toMatchObject({ exit: 5 });
    expect(messages()).toMatchObject([{ attributes: { event: 'failed' } }]);
    expect(JSON.stringify(slack.posts)).toMatch(
      /applied in part.*- ZoneMirror\/a: failed \(not allowed: lambda:CreateFunction\)/s,
    );
    expect(messages()[0]!.message).not.toMatch(/not authorized|arn:/);
  });

  it.each<[string, Options, readonly RegExp[]]>([
    [
      'Slack is down',
      { answers: [{ status: 503 }] },
      [/^Slack \(spec\.notify\.slack\) was not told: Slack answered 503/],
    ],
    [
      'T151 the address leads into the world',
      { secret: 'https://hooks.slack.com/services/T0/B0/Canary' },
      [/^Slack .* was not told: .* no loopback address/],
    ],
    [
      'neither is there',
      { notify: `{ sns: "${TOPIC}-none", slack: "ssm:/none" }` },
      [
        /^the topic of spec\.notify\.sns was not told: .*Topic does not exist/,
        /^Slack .* the secret ssm:\/none does not exist/,
      ],
    ],
    [
      'the topic is of an account that Settings do not name',
      { notify: '{ sns: "arn:aws:sns:eu-west-1:999988887777:ops" }' },
      [/^the topic .* was not told: account 999988887777 is not declared/],
    ],
  ])('is done all the same, with one line for each, where %s', async (_what, options, lines) => {
    const { desk } = await createTold(options);
    const ended = await desk.run(`apply --yes --format json ${EMBEDDED}`);

    expect(ended).toMatchObject({ exit: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ format: 'trueup/apply@1', outcome: 'applied' });
    expect(faultsOf(ended.stderr)).toEqual(lines.map((line) => expect.stringMatching(line) as string));
    expect(ended.stderr + ended.stdout).not.toMatch(/Canary/);
  });
});

describe('T151 where notices go', () => {
  let recorder = '';

  let directory = '';

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'trueup-recorder-'));
    recorder = join(directory, 'connect-recorder.mjs');
    await buildProgram(new URL('../support/connect-recorder.ts', import.meta.url), recorder);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('is to the loopback address and to nowhere else', async () => {
    const { desk, slack } = await createTold();
    const connects = desk.write('connects', '');
    const env = { TRUEUP_TEST_CONNECTS: connects };
    await desk.run(`apply --yes ${EMBEDDED}`, { env, node: ['--import', recorder] });

    const seen = new Set(desk.read('connects').split('\n').filter(Boolean));
    const port = new URL(slack.url).port;
    expect([...seen].some((line) => line.endsWith(` ${port}`))).toBe(true);
    expect([...seen].filter((line) => !/^(?:127\.0\.0\.1|localhost) \d+$|^lookup 127\.0\.0\.1$/.test(line))).toEqual(
      [],
    );
  });
});
