import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { EmbeddedAccount, Fault } from '../../src/embedded/index.ts';
import type { NoticeFault, NotifySettings } from '../../src/notify/notice.ts';
import { createNotifier } from '../../src/notify/notifier.ts';
import type { NotifierOptions } from '../../src/notify/notifier.ts';
import { snsMessage } from '../../src/notify/sns-text.ts';
import { slackMessage } from '../../src/notify/slack-blocks.ts';
import { webhookOf } from '../../src/notify/slack-url.ts';
import { connect } from '../../src/operations/world.ts';
import { createEstate } from '../support/estate.ts';
import { turnedClock } from '../github/posting.ts';
import type { TurnedClock } from '../github/posting.ts';
import { CANARY, openSlack } from './fake-slack.ts';
import type { Answer, FakeSlack } from './fake-slack.ts';

const HOME = '111122223333';
const PLACE = { account: HOME, region: 'eu-west-1' };
const TOPIC = `arn:aws:sns:eu-west-1:${HOME}:ops`;
const SECRET = 'ssm:/trueup/slack-webhook';
const NOTICE = {
  event: 'applied',
  estate: 'acme-network',
  title: '2 changes applied',
  lines: ['Applied: 2 of 2.'],
  at: '2026-11-24T10:00:00Z',
  documents: ['ZoneMirror/corp'],
} as const;

interface Bench {
  readonly account: EmbeddedAccount;
  readonly slack: FakeSlack;
  readonly clock: TurnedClock;
  readonly faults: readonly NoticeFault[];
}

interface BenchOptions extends Partial<NotifierOptions> {
  readonly answers?: readonly Answer[];
  readonly broken?: readonly Fault[];
  /** What lies behind the reference; default: the address of the fake; null: nothing. */
  readonly secret?: string | null;
  readonly times?: number;
}

/** An account with a topic and the webhook's address, and one notice told, or several. */
async function told(settings: NotifySettings, options: BenchOptions = {}): Promise<Bench> {
  const { answers, broken = [], secret, times = 1, ...rest } = options;
  const slack = await openSlack(answers);
  const estate = await createEstate({ faults: broken });
  const { account } = estate;
  await account.client(SNSClient, PLACE).send(new CreateTopicCommand({ Name: 'ops' }));
  if (secret !== null) account.putSecret(SECRET, secret ?? `${slack.url}\n`, PLACE);
  const clock = turnedClock();
  const aws = connect(await estate.load(), {
    endpoint: { kind: 'embedded', account },
    role: 'apply',
  });
  const notifier = createNotifier({ aws, settings, place: PLACE, reach: 'loopback', clock, ...rest });
  const faults: NoticeFault[] = [];
  for (let time = 0; time < times; time += 1) faults.push(...(await notifier.notify(NOTICE)));
  return { account, slack, clock, faults };
}

function callsOf({ account }: Bench, name: string): number {
  return account.events().filter(({ eventName }) => eventName === name).length;
}

describe('the topic and Slack', () => {
  it('are both told, each once, and the address is read once', async () => {
    const bench = await told({ sns: TOPIC, slack: SECRET }, { times: 2 });

    expect(bench.faults).toEqual([]);
    const { subject, message, attributes } = snsMessage(NOTICE);
    expect(bench.account.messages(TOPIC)).toMatchObject([{ subject, message, attributes }, { subject }]);
    expect(attributes).toEqual({ event: 'applied', owner: 'acme-network' });
    const post = { method: 'POST', path: `/services/${CANARY}`, body: slackMessage(NOTICE) };
    expect(bench.slack.posts).toEqual([post, post]);
    expect(callsOf(bench, 'GetParameter')).toBe(1);
  });

  it('are told each by itself: one that fails keeps the other from nothing', async () => {
    const bench = await told({ sns: `${TOPIC}-none`, slack: SECRET });
    expect(bench.faults).toEqual([{ to: 'sns', message: expect.stringContaining('Topic does not exist') as string }]);
    expect(bench.slack.posts).toHaveLength(1);

    const other = await told({ sns: TOPIC, slack: SECRET }, { secret: null });
    expect(other.faults).toEqual([
      { to: 'slack', message: expect.stringContaining(`the secret ${SECRET} does not`) as string },
    ]);
    expect(other.account.messages(TOPIC)).toHaveLength(1);
  });

  it('are nobody where Settings name none', async () => {
    const bench = await told({});
    expect(bench.faults).toEqual([]);
    expect([callsOf(bench, 'Publish'), callsOf(bench, 'GetParameter'), bench.slack.posts.length]).toEqual([0, 0, 0]);
  });
});

describe('patience', () => {
  const publish = (fault: Fault['fault'], times: number): Fault => ({
    service: 'sns',
    command: 'Publish',
    times,
    fault,
  });

  it.each<[string, Fault, number, number, readonly number[]]>([
    ['throttled twice: told the third time', publish('throttle', 2), 3, 1, [500, 1_000]],
    ['throttled for good: three attempts', publish('throttle', 100), 3, 0, [500, 1_000]],
    ['broken for good: three attempts', publish('server-error', 100), 3, 0, [500, 1_000]],
    ['denied: one attempt', publish('access-denied', 100), 1, 0, []],
  ])('a topic, %s', async (_what, fault, calls, messages, slept) => {
    const bench = await told({ sns: TOPIC }, { broken: [fault] });
    expect(callsOf(bench, 'Publish')).toBe(calls);
    expect(bench.account.messages(TOPIC)).toHaveLength(messages);
    expect(bench.clock.slept).toEqual(slept);
    expect(bench.faults).toHaveLength(messages === 1 ? 0 : 1);
  });

  it.each<[string, readonly Answer[], number, readonly number[], RegExp | undefined]>([
    ['asked to wait, waits', [{ status: 429, headers: { 'retry-after': '3' } }, {}], 2, [3_000], undefined],
    [
      'asked to wait too long, does not',
      [{ status: 429, headers: { 'retry-after': '30' } }],
      1,
      [],
      /^Slack answered 429 \(to wait 30 s is more than is waited for\)$/,
    ],
    [
      'asked to wait again and again, ends',
      [{ status: 429, headers: { 'retry-after': '6' } }],
      2,
      [6_000],
      /^Slack answered 429 \(to wait 6 s/,
    ],
    [
      'down, is tried three times',
      [{ status: 503, body: 'rate_limited' }],
      3,
      [500, 1_000],
      /503 rate_limited \(tried 3/,
    ],
    ['gone mid-way, is tried again', [{ drop: true }, {}], 2, [500], undefined],
    [
      'without a service, is told why',
      [{ status: 404, body: 'no_service\n' }],
      1,
      [],
      /^Slack answered 404 no_service$/,
    ],
    ['odd words are not repeated', [{ status: 400, body: 'T000/secret words' }], 1, [], /^Slack answered 400$/],
  ])('Slack, %s', async (_what, answers, posts, slept, why) => {
    const bench = await told({ slack: SECRET }, { answers });
    expect(bench.slack.posts).toHaveLength(posts);
    expect(bench.clock.slept).toEqual(slept);
    expect(bench.faults.map(({ message }) => message)).toEqual(why ? [expect.stringMatching(why) as string] : []);
  });

  it('ends for what never ends', async () => {
    const never = (): Promise<Response> => new Promise(() => undefined);
    const bench = await told(
      { sns: TOPIC, slack: SECRET },
      { fetch: never, limit: () => new Promise((end) => setTimeout(end, 300)) },
    );
    expect(bench.faults).toEqual([{ to: 'slack', message: 'there was no answer in time' }]);
    expect(bench.account.messages(TOPIC)).toHaveLength(1);
  });
});

describe('the address of a webhook', () => {
  it.each([
    'https://hooks.slack.com/services/T0/B0/abc',
    'https://hooks.slack-gov.com/services/T0/B0/abc',
    '  https://hooks.slack.com/services/T0/B0/abc\n',
  ])('is one: %j', (url) => {
    expect(webhookOf(url, 'slack')).toBe(url.trim());
  });

  const WRONG = [
    'http://hooks.slack.com/services/T0/B0/abc',
    'https://hooks.slack.com.evil.example/services/T0/B0/abc',
    'https://evil.example/services/T0/B0/abc',
    'https://evil.example/https://hooks.slack.com/services/T0/B0/abc',
    'https://hooks.slack.com@evil.example/services/T0/B0/abc',
    'https://user:pass@hooks.slack.com/services/T0/B0/abc',
    'https://hooks.slack.com:8443/services/T0/B0/abc',
    'https://hooks.slack.com/workflows/T0/B0/abc',
    'https://hooks.slack.com/services/../api/x',
    'https://hooks.slack.com/services/T0/B0/abc?next=https://evil.example',
    'https://hooks.slack.com/services/T0/B0/abc#x',
    'https://hooks.slack.com/services/',
    'https://hooks.slack.com/services/T0/B0/abc\nhttps://evil.example',
    'https://HOOKS.slack.com\\.evil.example/services/a',
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:80/services/T0/B0/abc',
    'file:///etc/passwd',
    '',
  ];

  it.each(WRONG)('is none: %j', (url) => {
    expect(webhookOf(url, 'slack')).toBeUndefined();
  });

  it.each([...WRONG.filter((url) => !url.startsWith('http://127.')), 'https://hooks.slack.com/services/T0/B0/abc'])(
    'T151 is no place for the embedded account: %j',
    (url) => {
      expect(webhookOf(url, 'loopback')).toBeUndefined();
    },
  );

  it.each(['https://hooks.slack.com/services/T0/B0/Canary', 'http://10.0.0.1:80/Canary'])(
    'T151 that leads elsewhere is posted to by nobody: %s',
    async (secret) => {
      const asked: string[] = [];
      const fetch = (url: string): Promise<Response> => {
        asked.push(url);
        return Promise.resolve(new Response('ok'));
      };
      const { faults } = await told({ slack: SECRET }, { secret, fetch });
      expect(asked).toEqual([]);
      expect(faults).toHaveLength(1);
      expect(faults[0]!.message).toMatch(/no loopback address/);
      expect(JSON.stringify(faults)).not.toContain('Canary');
    },
  );

  it.each<[string, BenchOptions]>([
    ['refused', { answers: [{ status: 403, body: `invalid_token ${CANARY}` }] }],
    ['redirected', { answers: [{ status: 302, headers: { location: `/services/${CANARY}` } }] }],
    ['broken', { answers: [{ status: 500, body: CANARY }] }],
    ['cut off', { answers: [{ drop: true }] }],
    ['no address', { secret: `https://hooks.slack.com/${CANARY}` }],
    [
      'an error that quotes it',
      { fetch: (url) => Promise.reject(new TypeError(`cannot fetch ${url}`, { cause: { code: CANARY } })) },
    ],
    ['an address where nobody is', { secret: `http://127.0.0.1:1/services/${CANARY}` }],
  ])('is never shown: %s', async (_what, options) => {
    const { faults, slack } = await told({ slack: SECRET }, options);
    expect(faults).toHaveLength(1);
    expect(JSON.stringify(faults)).not.toMatch(/Canary|B00000000/);
    // A redirect is an answer, and not a way.
    expect(slack.posts.length).toBeLessThanOrEqual(3);
    expect(slack.posts.filter(({ method }) => method !== 'POST')).toEqual([]);
  });
});
