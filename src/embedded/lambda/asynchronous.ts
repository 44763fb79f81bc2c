import type { Host, InvocationResult } from '../host.ts';
import type { Delivery } from '../service.ts';
import { table } from '../store/database.ts';
import { retriesOf } from './event-invoke-config.ts';
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

  function count(arn: string, what: keyof EventCounts): void {
    if (!runner.isOpen()) return;
    host.change((data) => {
      const counts = data.get(eventCounts, arn) ?? NONE;
      data.put(eventCounts, arn, { ...counts, [what]: counts[what] + 1 });
    });
  }

  /** Developer Guide, "Asynchronous invocation": two retries, one minute and two minutes after the failures. */
  async function run(event: LambdaEvent): Promise<void> {
    const { arn } = event;
    const place = placeOfArn(arn);
    const retries = place === undefined ? 0 : host.read((data) => retriesOf(place, data));
    for (let attempt = 0; runner.isOpen(); attempt += 1) {
      const outcome = await attemptOnce(event);
      if (outcome === 'done') return count(arn, 'done');
      const pause = RETRY_PAUSES_MS[attempt];
      if (outcome === 'impossible' || attempt >= retries || pause === undefined) return count(arn, 'dropped');
      if (runner.isOpen()) host.elapse(pause);
    }
  }

  async function attemptOnce(event: LambdaEvent): Promise<'done' | 'failed' | 'impossible'> {
    for (;;) {
      try {
        const { functionError } = await runner.run(event);
        return functionError === undefined ? 'done' : 'failed';
      } catch (error) {
        if (!(error instanceof Error && '$fault' in error)) throw error;
        // A throttled event waits in the queue; without any concurrency it would wait in vain.
        const turn = error.name === 'TooManyRequestsException' ? runner.nextRelease(event.arn) : undefined;
        if (turn === undefined) return 'impossible';
        await turn;
      }
    }
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
