import type { Host, InvocationResult } from '../host.ts';
import type { Delivery } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { eventRulesOf } from './event-invoke-config.ts';
import { tellOfFailure } from './failed-event.ts';
import type { FailureCondition } from './failed-event.ts';
import { placeOfArn } from './function-name.ts';
import { RETRY_PAUSES_MS } from './limits.ts';
import { functionKey, functions } from './model.ts';
import { admits } from './resource-policy.ts';

/** What became of the events of one function or, under the ARN of a function that is not there, for it. */
export interface EventCounts {
  readonly done: number;
  /** Failed to the last try, or could not be run at all. */
  readonly dropped: number;
  /** Handed over by a service that the function's policy does not admit. */
  readonly refused: number;
}

/** By function ARN. */
export const eventCounts = table<EventCounts>('lambda/events');

const NONE: EventCounts = { done: 0, dropped: 0, refused: 0 };

/** One event, however often it is tried. */
export interface LambdaEvent {
  /** Of the function. */
  readonly arn: string;
  /** JSON. */
  readonly payload: string;
  readonly requestId: string;
  /** Of the request that handed it over, where a function made it. */
  readonly trace?: string | undefined;
  /** When it was taken, milliseconds since the epoch; undefined: it is run now, and somebody waits. */
  readonly queued?: number;
}

interface Runner {
  run(event: LambdaEvent): Promise<InvocationResult>;
  isOpen(): boolean;
  /** Ends when the function may be tried again; undefined: it has no concurrency at all, or is gone. */
  nextRelease(arn: string): Promise<void> | undefined;
}

/** Asynchronous invocation: what is handed over is run later, and again when the function fails. */
export interface Asynchronous {
  enqueue(event: LambdaEvent): void;
  deliver(delivery: Delivery): Promise<boolean>;
  settled(): Promise<void>;
}

export function createAsynchronous(host: Omit<Host, 'functions'>, runner: Runner): Asynchronous {
  const pending = new Set<Promise<void>>();

  function count(arn: string, what: keyof EventCounts, also?: (data: Transaction, now: number) => void): void {
    if (!runner.isOpen()) return;
    host.change((data, now) => {
      const counts = data.get(eventCounts, arn) ?? NONE;
      data.put(eventCounts, arn, { ...counts, [what]: counts[what] + 1 });
      also?.(data, now);
    });
  }

  /** Developer Guide, "Asynchronous invocation": two retries, one minute and two minutes after the failures. */
  async function run(taken: LambdaEvent): Promise<void> {
    const queued = host.now();
    const event = { ...taken, queued };
    const place = placeOfArn(event.arn);
    if (place === undefined) return count(event.arn, 'dropped');
    const { retries, maxAge } = host.read((data) => eventRulesOf(place, data));
    for (let attempt = 0; runner.isOpen(); attempt += 1) {
      const outcome = await attemptOnce(event, queued + maxAge);
      if (outcome === 'done') return count(event.arn, 'done');
      if (typeof outcome === 'string') return drop(event, outcome, attempt);
      const invocations = attempt + 1;
      const pause = RETRY_PAUSES_MS[attempt];
      if (attempt >= retries || pause === undefined) return drop(event, 'RetriesExhausted', invocations, outcome);
      const left = queued + maxAge - host.now();
      if (runner.isOpen()) host.elapse(Math.max(0, Math.min(pause, left)));
      if (pause >= left) return drop(event, 'EventAgeExceeded', invocations, outcome);
    }
  }

  /** What the function answered where it failed; or why it cannot run. */
  async function attemptOnce(
    event: LambdaEvent,
    deadline: number,
  ): Promise<'done' | InvocationResult | FailureCondition> {
    for (;;) {
      try {
        const result = await runner.run(event);
        return result.functionError === undefined ? 'done' : result;
      } catch (error) {
        if (!(error instanceof Error && '$fault' in error)) throw error;
        if (error.name === 'RecursiveInvocationException') return 'RecursiveInvocation';
        if (error.name !== 'TooManyRequestsException') return 'RetriesExhausted';
        // A throttled event waits in the queue; without any concurrency it would wait in vain.
        const turn = runner.nextRelease(event.arn);
        if (turn === undefined) return 'ZeroReservedConcurrency';
        await turn;
        if (host.now() >= deadline) return 'EventAgeExceeded';
      }
    }
  }

  function drop(
    { arn, requestId, payload, trace }: LambdaEvent,
    condition: FailureCondition,
    invocations: number,
    result?: InvocationResult,
  ): void {
    count(arn, 'dropped', (data, now) => {
      const place = placeOfArn(arn);
      const found = place && data.get(functions, functionKey(place));
      if (found === undefined) return;
      tellOfFailure(found, { requestId, payload, trace, condition, invocations, result }, data, now);
    });
  }

  function isAdmitted(delivery: Delivery): boolean {
    const place = placeOfArn(delivery.target);
    if (place === undefined) return false;
    return host.read((data) => data.get(functions, functionKey(place)) !== undefined && admits(place, delivery, data));
  }

  return {
    enqueue(event) {
      const task = run(event).finally(() => pending.delete(task));
      pending.add(task);
    },
    async deliver(delivery) {
      const { target: arn, event, trace } = delivery;
      if (!isAdmitted(delivery)) {
        count(arn, 'refused');
        return false;
      }
      await run({ arn, payload: JSON.stringify(event), requestId: crypto.randomUUID(), trace });
      return true;
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
