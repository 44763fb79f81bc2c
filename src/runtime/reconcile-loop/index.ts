import type { Aws } from '../../aws/clients.ts';
import { countedClock, realClock } from '../../aws/clocks.ts';
import { describeError } from '../../aws/errors.ts';
import type { Clock } from '../../engine/types.ts';
import type { Endpoint } from '../../operations/endpoint.ts';
import type { HeldTree } from '../../operations/loop/github-source.ts';
import { issueKeeping, openLoop } from '../../operations/loop/open.ts';
import { runLoop } from '../../operations/loop/run-loop.ts';
import { tellLoop } from '../../operations/loop/tell.ts';
import type { Told } from '../../operations/loop/tell.ts';
import type { LoopAnswer } from '../../operations/loop/types.ts';
import { CONTINUE_ACTION } from '../../reconcilers/reconcile-loop/function-contract.ts';
import type { LoopContinuation } from '../../reconcilers/reconcile-loop/function-contract.ts';
import type { LoopDocument } from '../../reconcilers/reconcile-loop/loop-document.ts';
import { startFunction } from '../../resources/invoke.ts';
import { callsSince } from '../calls-since.ts';
import type { FunctionContext } from '../context.ts';
import { embeddedHook } from '../embedded-hook.ts';
import { createFunctionAws, functionClock } from '../function-aws.ts';
import { writeLine, writeLogLine } from '../log-line.ts';
import { stopBeforeEnd } from '../time-left.ts';
import { readConfiguration } from './configuration.ts';
import { readEvent } from './event.ts';
import type { Request } from './event.ts';
import { brokenLine, refusedEventLine, runLine, untoldLine } from './line.ts';

/** Left of the function's time when nothing new starts: calls in flight end, and the run is handed on. */
const RESERVE_MS = 45_000;

/** Of the last run, where Lambda uses the environment again. */
const held: HeldTree = {};

export interface RefusedEvent {
  readonly outcome: 'refused-event';
  readonly why: string;
}

/**
 * Holds the estate against its configuration (docs/loop.md): once, or one more part of a run that is too long for one
 * invocation.
 * @throws Error when the run could not do its work: after everything else was done, so that the invocation counts as failed.
 */
export async function handler(event: unknown, context: FunctionContext): Promise<LoopAnswer | RefusedEvent> {
  const document = readConfiguration(process.env);
  const clock = functionClock();
  const request = readEvent(event, document.address);
  if (request.action === 'refuse') {
    writeLogLine(refusedEventLine(document.address, request.why, clock.now()));
    return { outcome: 'refused-event', why: request.why };
  }
  const began = performance.now();
  const aws = createFunctionAws(document.place);
  const facts = () => ({
    at: clock.now(),
    seconds: (performance.now() - began) / 1000,
    calls: callsSince({}, aws.calls()),
  });
  let ended: Ended;
  try {
    ended = await run(document, request, { aws, clock, context });
  } catch (error) {
    writeLogLine(brokenLine(document.address, describeError(error), facts()));
    throw error;
  }
  const { answer, told } = ended;
  for (const fault of told?.faults ?? []) writeLine(untoldLine(document.address, fault));
  writeLogLine(runLine(answer, facts(), told));
  return answer;
}

interface Surrounding {
  readonly aws: Aws;
  readonly clock: Clock;
  readonly context: FunctionContext;
}

/** What a run came to, and whom it was told. */
interface Ended {
  readonly answer: LoopAnswer;
  readonly told: Told | undefined;
}

async function run(
  document: LoopDocument,
  request: Exclude<Request, { readonly action: 'refuse' }>,
  { aws, clock, context }: Surrounding,
): Promise<Ended> {
  const { address, place, functionName } = document;
  const timed = stopBeforeEnd(context, clock, RESERVE_MS);
  const endpoint = endpointOf(timed.clock);
  let told: Told | undefined;
  try {
    const answer = await runLoop({
      ...(await openLoop(aws, document, { clock, held })),
      endpoint,
      run: context.awsRequestId,
      ...(request.action === CONTINUE_ACTION && { continues: { run: request.run, part: request.part } }),
      left: () => timed.left(),
      stop: timed.stop,
      async onward({ run: id, part }) {
        const next: LoopContinuation = { action: CONTINUE_ACTION, document: address, run: id, part };
        await startFunction(aws, place, functionName, next);
      },
      async tell(ran) {
        const issue = issueKeeping(aws, document, timed.clock);
        told = await tellLoop(ran, { endpoint, run: context.awsRequestId, ...(issue && { issue }) });
      },
    });
    return { answer, told };
  } finally {
    timed.clear();
  }
}

/** What it looks at and writes, it does as the roles that Settings name. */
function endpointOf(clock: Clock): Endpoint {
  const hook = embeddedHook();
  return {
    kind: 'function',
    surroundings: {
      ...(hook && { plugin: hook.plugin }),
      clock,
      pacingClock: hook ? countedClock() : realClock,
    },
  };
}
