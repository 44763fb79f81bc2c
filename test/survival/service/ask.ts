import { answerSurvival } from '../../../src/survival/service/answer.ts';
import type { ServiceFacts } from '../../../src/survival/service/answer.ts';
import type { ServiceRequest } from '../../../src/survival/service/delivered-body.ts';
import type { ServiceLimits } from '../../../src/survival/service/limits.ts';
import type { SurvivalStatistics } from '../../../src/survival/types.ts';

export const JSON_TYPE = 'application/json';
export const BINARY_TYPE = 'application/octet-stream';

/** Six subjects, four events, two rows. */
export const REQUEST = {
  times: [5, 8, 0, 12.5, 30, 7],
  events: [1, 0, 1, 1, 0, 1],
  values_by_record: [
    [0.5, 1.5, -2, 3, 1.25, 0],
    [1, null, 3, 2, 5, 4],
  ],
} as const;

export interface Asked {
  readonly status: number;
  readonly text: string;
  readonly facts: ServiceFacts;
  /** Of a refusal. */
  readonly message?: string;
  /** Of an answer. */
  readonly list?: readonly SurvivalStatistics[];
}

/** What the service answers to a body: text as it is, anything else as JSON. */
export function ask(
  body: unknown,
  request: Partial<ServiceRequest> & { readonly minEvents?: number; readonly limits?: ServiceLimits } = {},
): Asked {
  const { minEvents = 1, limits, ...delivery } = request;
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const {
    status,
    body: text,
    facts,
  } = answerSurvival(
    { body: sent, contentType: JSON_TYPE, ...delivery },
    { minEvents, requestId: 'r-1', ...(limits && { limits }) },
  );
  const { message, statistics_list: list } = JSON.parse(text) as {
    readonly message?: string;
    readonly statistics_list?: readonly SurvivalStatistics[];
  };
  return { status, text, facts, ...(message !== undefined && { message }), ...(list && { list }) };
}
