import type { Host } from '../host.ts';
import type { RowChange } from '../store/database.ts';
import { bury, handOver, isForFunction } from './hand-over.ts';
import { createLanes } from './lanes.ts';
import { dueKeys, firstDue, pendingDeliveries } from './pending.ts';
import type { PendingDelivery } from './pending.ts';
import { arranged } from './plan.ts';
import type { DeliveryPlan } from './plan.ts';

/** Messages to topics and queues that are handed over in one transaction. */
const BATCH = 500;
/** Events of one function that deliveries run at once: each has an execution environment, a thread. */
const AT_ONCE = 5;

/** Brings messages from one service to another, at least once. */
export interface Deliveries {
  /** What a call leaves behind, with the messages that it sent where the plan has them. */
  arrange(changes: readonly RowChange[]): readonly RowChange[];
  /** Hears what was committed: without a plan, messages among it are delivered in the background. */
  notice(changes: readonly RowChange[]): void;
  /** When the next message is due; it may be past. Undefined: none is on its way. */
  due(): number | undefined;
  /** Delivers what is due, and what comes of it, to the end. */
  strike(): Promise<void>;
  isBusy(): boolean;
  /** Ends when nothing is being delivered. */
  settled(): Promise<void>;
  /** What is being delivered stays on its way. */
  close(): void;
}

export function openDeliveries(host: Host, plan?: DeliveryPlan): Deliveries {
  const lanes = createLanes(AT_ONCE);
  /** Keys of messages that somebody is delivering. */
  const taken = new Set<string>();
  const tasks = new Set<Promise<void>>();
  let fresh: string[] = [];
  let isOpen = true;

  function track(task: Promise<void>): void {
    const tracked = task.finally(() => tasks.delete(tracked));
    tasks.add(tracked);
  }

  /** Later, but before anything else that waits: whoever committed goes on first. */
  async function drain(): Promise<void> {
    await Promise.resolve();
    const keys = fresh;
    fresh = [];
    deliver(keys);
  }

  function deliver(keys: readonly string[]): void {
    const free = keys.filter((key) => !taken.has(key));
    for (let from = 0; from < free.length; from += BATCH) deliverBatch(free.slice(from, from + BATCH));
  }

  function deliverBatch(keys: readonly string[]): void {
    if (!isOpen) return;
    const events: (readonly [string, PendingDelivery])[] = [];
    host.change((data, now) => {
      for (const key of keys) {
        const delivery = data.get(pendingDeliveries, key);
        if (delivery === undefined) continue;
        if (isForFunction(delivery)) events.push([key, delivery]);
        else {
          data.delete(pendingDeliveries, key);
          handOver(delivery, data, now);
        }
      }
    });
    for (const [key, delivery] of events) {
      taken.add(key);
      track(lanes.run(delivery.target, () => invoke(key, delivery)).finally(() => taken.delete(key)));
    }
  }

  /** The message is on its way until the function, and whatever comes of its failure, is done with it. */
  async function invoke(key: string, delivery: PendingDelivery): Promise<void> {
    if (!isOpen) return;
    const event = JSON.parse(delivery.message) as unknown;
    const isAdmitted = await host.functions.deliver({ ...delivery, event });
    if (!isOpen) return;
    host.change((data, now) => {
      data.delete(pendingDeliveries, key);
      if (!isAdmitted) bury(delivery, data, now);
    });
  }

  async function settled(): Promise<void> {
    while (tasks.size > 0) await Promise.all(tasks);
  }

  return {
    arrange: (changes) => (plan === undefined ? changes : arranged(changes, plan)),
    notice(changes) {
      if (plan !== undefined) return;
      const now = host.now();
      const isScheduled = fresh.length > 0;
      for (const change of changes) {
        const [name, key, value] = change;
        if (name === pendingDeliveries.name && change.length === 3 && (value as PendingDelivery).due <= now) {
          fresh.push(key);
        }
      }
      if (!isScheduled && fresh.length > 0) track(drain());
    },
    due: () => (isOpen ? host.read((data) => firstDue(data)) : undefined),
    async strike() {
      for (let keys = due(); keys.length > 0; keys = due()) {
        deliver(keys);
        await settled();
      }
      function due(): readonly string[] {
        return isOpen ? host.read((data, now) => dueKeys(now, data)) : [];
      }
    },
    isBusy: () => tasks.size > 0,
    settled,
    close() {
      isOpen = false;
    },
  };
}
