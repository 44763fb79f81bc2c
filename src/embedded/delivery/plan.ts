import { createHash } from 'node:crypto';
import { EmbeddedError } from '../errors.ts';
import type { RowChange } from '../store/database.ts';
import { pendingDeliveries, pendingKey } from './pending.ts';
import type { PendingDelivery } from './pending.ts';

/** How messages between services travel, where they do not come at once: drawn from a seed, so that it can be repeated. */
export interface DeliveryPlan {
  readonly seed: string | number;
  /** The share of messages that come twice, from 0 to 1; default 0. */
  readonly duplicates?: number;
  /** The most milliseconds by which a message comes late; default 0. */
  readonly delay?: number;
  /** Messages that are due in the same second come in a drawn order; default: in the order in which they were sent. */
  readonly reorder?: boolean;
}

const FIELDS: readonly string[] = ['seed', 'duplicates', 'delay', 'reorder'] satisfies (keyof DeliveryPlan)[];

/**
 * A plan from JSON text, as `TRUEUP_DELIVERY` carries it.
 *
 * @throws EmbeddedError TU4014
 */
export function parseDeliveryPlan(json: string): DeliveryPlan {
  try {
    return checkDeliveryPlan(JSON.parse(json) as unknown);
  } catch (cause) {
    if (cause instanceof EmbeddedError) throw cause;
    throw badPlan('it is not JSON', cause);
  }
}

/** @throws EmbeddedError TU4014 */
export function checkDeliveryPlan(plan: unknown): DeliveryPlan {
  if (typeof plan !== 'object' || plan === null || Array.isArray(plan)) throw badPlan('it must be an object');
  const unknownField = Object.keys(plan).find((field) => !FIELDS.includes(field));
  if (unknownField !== undefined) throw badPlan(`it has the unknown field ${JSON.stringify(unknownField)}`);
  const fields: Partial<Record<keyof DeliveryPlan, unknown>> = plan;
  const { seed, duplicates = 0, delay = 0, reorder = false } = fields;
  if (typeof seed !== 'string' && typeof seed !== 'number') throw badPlan('seed must be text or a number');
  if (!isWithin(duplicates, 1)) throw badPlan('duplicates must be a number from 0 to 1');
  if (!isWithin(delay, Number.MAX_SAFE_INTEGER)) throw badPlan('delay must be a number of milliseconds from 0');
  if (typeof reorder !== 'boolean') throw badPlan('reorder must be true or false');
  return { seed, duplicates, delay, reorder };
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= most;
}

function badPlan(what: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    'TU4014',
    `The plan of deliveries for the embedded account cannot be used: ${what}.`,
    'Example: { "seed": 7, "duplicates": 0.1, "delay": 60000, "reorder": true }',
    { cause },
  );
}

/** Rows with every delivery among them that was just staged where the plan has it. */
export function arranged(changes: readonly RowChange[], plan: DeliveryPlan): readonly RowChange[] {
  return changes.flatMap((change) => {
    const [name, key, value] = change;
    if (name !== pendingDeliveries.name || change.length === 2) return [change];
    return copiesOf(key, value as PendingDelivery, plan);
  });
}

const SECOND_MS = 1000;

function copiesOf(key: string, delivery: PendingDelivery, plan: DeliveryPlan): readonly RowChange[] {
  const { seed, duplicates = 0, delay = 0, reorder = false } = plan;
  const draw = (what: string): number => drawn(`${seed} ${key} ${what}`);
  const copies = draw('twice') < duplicates ? ['first', 'second'] : ['first'];
  return copies.map((copy) => {
    const late = draw(`${copy} delay`) * delay;
    // Whole seconds: the clock stops at each of them, and would at every millisecond.
    const due = Math.ceil((delivery.due + late) / SECOND_MS) * SECOND_MS;
    const order = reorder ? draw(`${copy} order`) : 0;
    return [pendingDeliveries.name, pendingKey(due, order, `${key} ${copy}`), { ...delivery, due }];
  });
}

const DRAWN_BYTES = 6;

/** From 0 to 1, without 1. */
function drawn(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, DRAWN_BYTES) / 2 ** (8 * DRAWN_BYTES);
}
