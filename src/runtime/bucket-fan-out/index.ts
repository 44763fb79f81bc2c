import pLimit from 'p-limit';
import type { Aws } from '../../aws/clients.ts';
import type { Clock } from '../../engine/types.ts';
import { RESERVE_SECONDS } from '../../fan-out/copy-time.ts';
import type { BatchAnswer, FanOutAnswer } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import { callsSince } from '../calls-since.ts';
import type { FunctionContext } from '../context.ts';
import { createFunctionAws, functionClock } from '../function-aws.ts';
import { writeLogLine } from '../log-line.ts';
import { stopBeforeEnd } from '../time-left.ts';
import { readConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { doWork } from './do-work.ts';
import type { Done } from './do-work.ts';
import { readEvent } from './event.ts';
import type { Work } from './event.ts';
import { countDone, reasonOf, recordLine, runLine } from './line.ts';
import { openWorlds } from './open-world.ts';

const RESERVE_MS = RESERVE_SECONDS * 1000;
/** Records and items at once: each is mostly waited for. */
const AT_ONCE = 8;

/** Work that opens no connection (threats T71). */
const CALLLESS: ReadonlySet<Work['is']> = new Set(['refused', 'ignored', 'unreadable']);

interface Warm {
  readonly configuration: Configuration;
  readonly aws: Aws;
  readonly clock: Clock;
}

let environment: Warm | undefined;

function warm(): Warm {
  if (environment) return environment;
  const configuration = readConfiguration(process.env);
  environment = { configuration, aws: createFunctionAws(configuration.document.place), clock: functionClock() };
  return environment;
}

/**
 * Copies to one destination what events and messages tell of (docs/kinds/bucket-fan-out.md).
 * @throws Error when a record could not be done, after all others were: Lambda tries the event again, and then leaves it
 * to the dead-letter queue. Of messages those that failed are answered, and of a backfill each item.
 */
export async function handler(event: unknown, context: FunctionContext): Promise<FanOutAnswer | BatchAnswer> {
  const { configuration, aws, clock } = warm();
  return run(event, context, configuration, aws, clock);
}

async function run(
  event: unknown,
  context: FunctionContext,
  configuration: Configuration,
  aws: Aws,
  clock: Clock,
): Promise<FanOutAnswer | BatchAnswer> {
  const { address } = configuration;
  const began = performance.now();
  const before = aws.calls();
  const request = readEvent(event, configuration);
  if (request.is === 'refused') {
    writeLogLine(recordLine(address, request, clock.now()));
    return { outcome: 'refused-event', document: address, counts: countDone([request]), why: request.why };
  }
  const messages = request.is === 'messages' ? request.messages : [{ id: '', work: request.work }];
  const done = await doAll(
    messages.map(({ work }) => work),
    context,
    configuration,
    aws,
    clock,
  );
  const all = done.flat();
  for (const one of all) writeLogLine(recordLine(address, one, clock.now()));
  const counts = countDone(all);
  const seconds = (performance.now() - began) / 1000;
  writeLogLine(runLine(address, counts, { at: clock.now(), seconds, calls: callsSince(before, aws.calls()) }));
  if (request.is === 'messages') return { batchItemFailures: failuresOf(request.messages, done) };
  if (request.is === 'backfill') {
    const items = all.map((one) => itemOf(one));
    return { outcome: counts.failed > 0 ? 'failed' : 'done', document: address, counts, items };
  }
  const failed = all.find(({ is }) => is === 'failed');
  if (failed) throw new Error(`${counts.failed} of ${all.length} records failed, the first with ${reasonOf(failed)}`);
  return { outcome: 'done', document: address, counts };
}

/** What became of each piece of work, in its order, list by list. */
async function doAll(
  lists: readonly (readonly Work[])[],
  context: FunctionContext,
  configuration: Configuration,
  aws: Aws,
  clock: Clock,
): Promise<readonly (readonly Done[])[]> {
  const isCallless = lists.flat().every(({ is }) => CALLLESS.has(is));
  const time = stopBeforeEnd(context, clock, RESERVE_MS);
  // What still runs then is cut off, so that the answer names it: a function that is timed out has done nothing.
  const last = stopBeforeEnd(context, clock);
  try {
    const open = isCallless
      ? undefined
      : await openWorlds(configuration, aws, { ...time, end: last.stop }, context.awsRequestId);
    const limit = pLimit(AT_ONCE);
    return await Promise.all(
      lists.map((work) =>
        Promise.all(
          work.map((one) =>
            limit(async (): Promise<Done> => {
              if (time.stop.aborted) return { is: 'failed', why: 'the time of the function was over' };
              return doWork(one, configuration, open ?? unopened);
            }),
          ),
        ),
      ),
    );
  } finally {
    time.clear();
    last.clear();
  }
}

function unopened(): never {
  throw new Error('what is refused or ignored needs no world');
}

/** What is refused stays, too: SQS makes a dead letter of it, and nobody's message is lost. */
function failuresOf(
  messages: readonly { readonly id: string }[],
  done: readonly (readonly Done[])[],
): BatchAnswer['batchItemFailures'] {
  return messages.flatMap(({ id }, at) =>
    done[at]?.some(({ is }) => is === 'failed' || is === 'refused') ? [{ itemIdentifier: id }] : [],
  );
}

function itemOf(done: Done) {
  const why = reasonOf(done);
  return { key: done.key ?? '', is: done.is, ...(why !== undefined && { why }) };
}
