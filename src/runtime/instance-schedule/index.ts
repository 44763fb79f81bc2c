import type { Aws } from '../../aws/clients.ts';
import type { Clock } from '../../engine/types.ts';
import type { RunAnswer } from '../../resources/scheduled-instances/function-contract.ts';
import { nextAfter } from '../../schedule/aws-expression.ts';
import { callsSince } from '../calls-since.ts';
import type { FunctionContext } from '../context.ts';
import { createFunctionAws, functionClock } from '../function-aws.ts';
import { writeLine, writeLogLine } from '../log-line.ts';
import { readConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { readEvent } from './event.ts';
import { instanceFields, runLine } from './line.ts';
import { run } from './run.ts';

/** Left of the function's time for what was done to be said: at most a third of it. */
const RESERVE_MS = 15_000;
const RESERVE_PART = 3;

interface Warm {
  readonly configuration: Configuration;
  readonly aws: Aws;
  readonly clock: Clock;
}

let environment: Warm | undefined;

function warm(): Warm {
  if (environment) return environment;
  const configuration = readConfiguration(process.env);
  const { place, members } = configuration;
  environment = { configuration, aws: createFunctionAws(place, { members }), clock: functionClock() };
  return environment;
}

/**
 * Starts and stops instances as their tags say (docs/kinds/instance-schedule.md).
 * @throws Error when a place could not be reached, an instance was refused, or there was more to do than `maxActions`: after
 * everything else was done, so that the invocation counts as failed.
 */
export async function handler(event: unknown, context: FunctionContext): Promise<RunAnswer> {
  const { configuration, aws, clock } = warm();
  const began = performance.now();
  const reserve = Math.min(RESERVE_MS, context.getRemainingTimeInMillis() / RESERVE_PART);
  const isOver = (): boolean => context.getRemainingTimeInMillis() < reserve;
  const before = aws.calls();
  const request = readEvent(event, configuration.address);
  if (request.action === 'refuse') {
    const answer = refusedEvent(configuration, request.why);
    writeLogLine(runLine(answer, { at: clock.now(), seconds: 0, calls: {}, hoursSaved: 0 }));
    return answer;
  }
  const { answer, instances, skew } = await run(configuration, aws, clock, request.action, isOver);
  for (const instance of instances) writeLine(instanceFields(instance));
  const saving = instances.filter(({ isSaving }) => isSaving).length;
  writeLogLine(
    runLine(answer, {
      at: clock.now(),
      seconds: (performance.now() - began) / 1000,
      calls: callsSince(before, aws.calls()),
      hoursSaved: Math.round(saving * hoursToNextRun(configuration, clock.now()) * 100) / 100,
      ...(skew !== undefined && { skew }),
    }),
  );
  if (answer.outcome === 'failed' || answer.outcome === 'over-limit') throw new Error(failure(answer, configuration));
  return answer;
}

function hoursToNextRun({ every }: Configuration, now: number): number {
  const next = nextAfter(every, now, now);
  return next === undefined ? 0 : (next - now) / 3_600_000;
}

function refusedEvent({ address }: Configuration, why: string): RunAnswer {
  return {
    outcome: 'refused-event',
    document: address,
    instances: 0,
    started: 0,
    stopped: 0,
    due: { start: 0, stop: 0 },
    skipped: {},
    malformed: 0,
    missed: 0,
    refused: [],
    unreachable: [],
    why,
  };
}

function failure({ outcome, due, refused, unreachable }: RunAnswer, { rules }: Configuration): string {
  if (outcome === 'over-limit') {
    return `${due.start + due.stop} starts and stops are due, and maxActions is ${rules.maxActions}: nothing was done`;
  }
  const places = unreachable.map(({ account, region, message }) => `${account}/${region}: ${message}`);
  const instances = refused.map(({ id, error }) => `${id}: ${error}`);
  return `everything else was done, but for ${[...places, ...instances].join('; ')}`;
}
