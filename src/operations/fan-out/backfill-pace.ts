import type { Clock } from '../../engine/types.ts';

/** How far a backfill has come, over all destinations. */
export interface BackfillProgress {
  /** Objects of this run. */
  readonly objects: number;
  readonly sent: number;
  /** Approximately: SQS counts messages, and each has several objects. */
  readonly done: number;
  /** Objects done in a second, since the first was handed over; undefined: none yet. */
  readonly perSecond: number | undefined;
  /** Until all is done, at this rate. */
  readonly secondsLeft: number | undefined;
}

export interface BackfillPace {
  sent(more: { readonly items: number; readonly messages: number }): BackfillProgress;
  /** @param messages of all queues that are not done */
  waiting(messages: number): BackfillProgress;
}

/** @param objects of the run */
export function backfillPace(clock: Pick<Clock, 'now'>, objects: number): BackfillPace {
  const began = clock.now();
  let sent = 0;
  let messages = 0;
  let done = 0;

  function progress(): BackfillProgress {
    const seconds = (clock.now() - began) / 1000;
    const perSecond = done > 0 && seconds > 0 ? done / seconds : undefined;
    const secondsLeft = perSecond === undefined ? undefined : (objects - done) / perSecond;
    return { objects, sent, done, perSecond, secondsLeft };
  }

  return {
    sent(more) {
      sent += more.items;
      messages += more.messages;
      return progress();
    },
    waiting(left) {
      const share = messages === 0 ? 1 : Math.max(0, messages - left) / messages;
      // What is counted late does not undo what was seen to be done.
      done = Math.max(done, Math.floor(sent * share));
      return progress();
    },
  };
}
