import schema from '../../../schemas/survival-request.schema.json' with { type: 'json' };
import { badRequest } from './refused-request.ts';

const { times: TIMES, events: EVENTS } = schema.properties;

/** Members of a request, in the order in which they are named. */
export const MEMBERS = Object.keys(schema.properties) as readonly (keyof typeof schema.properties)[];

/** What a request brings, checked. */
export interface SurvivalBody {
  readonly times: Float64Array;
  readonly events: Uint8Array;
  /** Rows. */
  readonly m: number;
  /** Row by row, at least m · n; NaN: this subject has no value; ±Infinity: what stands there is no finite number. */
  readonly matrix: Float64Array;
}

/**
 * What holds of times and events however they come.
 * @throws RefusedRequest
 */
export function checkSubjects(times: Float64Array, events: ArrayLike<number>): void {
  if (events.length !== times.length) {
    throw badRequest(`events has ${entries(events.length)}, times has ${times.length}: every subject has both`);
  }
  for (let index = 0; index < times.length; index += 1) {
    const time = times[index] as number;
    if (!(time >= TIMES.items.minimum && time < Number.POSITIVE_INFINITY)) {
      throw badRequest(`times[${index}] is not a finite number of ${TIMES.items.minimum} or more`);
    }
  }
  let count = 0;
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index] as number;
    if (!EVENTS.items.enum.includes(event))
      throw badRequest(`events[${index}] is not ${EVENTS.items.enum.join(' or ')}`);
    if (event === EVENTS.contains.const) count += 1;
  }
  if (count === 0) throw badRequest(`0 of ${times.length} samples have an event; at least 1 is needed`);
}

export function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}
