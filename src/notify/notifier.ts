import type { Aws, Manner } from '../aws/clients.ts';
import { realClock } from '../aws/clocks.ts';
import { AwsError, describeError, reasonOf } from '../aws/errors.ts';
import { readSecret } from '../aws/secrets.ts';
import type { Clock, Place } from '../engine/types.ts';
import { publishOn } from '../resources/topics.ts';
import { PATIENCE_MS, persist } from './attempts.ts';
import type { Failure } from './attempts.ts';
import type { Notice, NoticeFault, NotifySettings } from './notice.ts';
import { slackMessage } from './slack-blocks.ts';
import { notAWebhook, webhookOf } from './slack-url.ts';
import type { Reach } from './slack-url.ts';
import { postToSlack } from './slack.ts';
import type { Fetch } from './slack.ts';
import { snsMessage } from './sns-text.ts';

export interface NotifierOptions {
  /** Who publishes and reads the webhook's address: with the role that the verb has anyway. */
  readonly aws: Aws;
  readonly settings: NotifySettings;
  /** Where the webhook's address lies: the default account and region. */
  readonly place: Place;
  /** `loopback` with the embedded account. */
  readonly reach: Reach;
  /** By which pauses are made and counted. */
  readonly clock: Clock;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** Ends the waiting for what does not end by itself; default: ten seconds of real time. */
  readonly limit?: (stop: AbortSignal) => Promise<void>;
}

export interface Notifier {
  /** Tells whoever Settings name, all at once. It never throws: who was not told is in the answer. */
  notify(notice: Notice): Promise<readonly NoticeFault[]>;
}

/** Each attempt is one request: how often it is repeated is counted here. */
const ONCE: Manner = { brief: true };

export function createNotifier(options: NotifierOptions): Notifier {
  const { settings, limit = (stop) => realClock.sleep(PATIENCE_MS, stop) } = options;
  const slack = slackOf(options);
  return {
    async notify(notice) {
      const faults = await Promise.all([
        settings.sns === undefined ? undefined : told('sns', limit, publish(options, settings.sns, notice)),
        settings.slack === undefined ? undefined : told('slack', limit, slack(settings.slack, notice)),
      ]);
      return faults.flatMap((fault) => fault ?? []);
    },
  };
}

async function told(
  to: NoticeFault['to'],
  limit: (stop: AbortSignal) => Promise<void>,
  telling: Promise<string | undefined>,
): Promise<NoticeFault | undefined> {
  const stop = new AbortController();
  const late = limit(stop.signal).then(() => 'there was no answer in time');
  const message = await Promise.race([late, telling.catch((error: unknown) => describeError(error))]);
  stop.abort();
  return message === undefined ? undefined : { to, message };
}

async function publish({ aws, clock }: NotifierOptions, topic: string, notice: Notice): Promise<string | undefined> {
  const message = snsMessage(notice);
  return persist(clock, async () => {
    try {
      await publishOn(aws, topic, message, ONCE);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  });
}

/** Posts; the webhook's address is read once. */
function slackOf({ aws, clock, place, reach, fetch = globalThis.fetch }: NotifierOptions) {
  let webhook: string | undefined;
  return async (reference: string, notice: Notice): Promise<string | undefined> => {
    const message = slackMessage(notice);
    return persist(clock, async (leftMs) => {
      if (webhook === undefined) {
        try {
          webhook = webhookOf(await readSecret(aws, reference, place, ONCE), reach);
        } catch (error) {
          return failureOf(error);
        }
        if (webhook === undefined) return { why: notAWebhook(reach), again: false };
      }
      return postToSlack(fetch, webhook, message, leftMs);
    });
  };
}

function failureOf(error: unknown): Failure {
  const isTransient = !(error instanceof AwsError) && isWorthAnother(error);
  return { why: describeError(error), again: isTransient };
}

function isWorthAnother(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  const reason = reasonOf(error);
  return reason === 'throttled' || reason === 'unreachable' || status >= 500;
}
