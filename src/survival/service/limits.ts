import { binaryLength } from './binary-body.ts';
import type { ValueOctets } from './binary-body.ts';
import { MAX_ROW_OCTETS } from './statistics-text.ts';

/** How much a request may bring and take, in octets. */
export interface ServiceLimits {
  /** Of the body as it is delivered, in base64 where it is. */
  readonly body: number;
  /** Of what a gzip inflates to. */
  readonly inflated: number;
  /** Of the answer, as it is handed back. */
  readonly answer: number;
}

/**
 * Lambda takes and gives 6 MB an invocation, with the envelope of the event (Lambda quotas, "Invocation payload"). What a
 * gzip may inflate to is ours: it is held in memory, and so is what is made of it.
 */
export const SERVICE_LIMITS: ServiceLimits = { body: 6_000_000, inflated: 48 * 1024 * 1024, answer: 6_000_000 };

/** On one's own machine: what one string and one buffer of Node can hold. */
export const LOCAL_LIMITS: ServiceLimits = {
  body: 1024 * 1024 * 1024,
  inflated: 1024 * 1024 * 1024,
  answer: 256 * 1024 * 1024,
};

/** Of a value as JSON with 17 digits, point, zero and comma: programs that write fewer have room for more rows. */
const JSON_VALUE_OCTETS = 20;

/** How a request comes, as far as its size goes. */
export interface Delivery {
  readonly n: number;
  /** `json`: values as text. */
  readonly values: ValueOctets | 'json';
  readonly isBase64: boolean;
  /** Octets that one octet becomes when it is inflated; 1: it is not gzipped. */
  readonly growth: number;
}

/** The most rows of n subjects of which request and answer fit; 0: not one does. */
export function largestRows({ n, values, isBase64, growth }: Delivery, limits: ServiceLimits): number {
  const delivered = isBase64 ? Math.floor(limits.body / 4) * 3 : limits.body;
  // Without gzip what is delivered is what is read, and the limit of the inflated is none of it.
  const octets = growth === 1 ? delivered : Math.min(delivered * growth, limits.inflated);
  const none = values === 'json' ? 2 * n * JSON_VALUE_OCTETS : binaryLength(n, 0, values);
  const row = n * (values === 'json' ? JSON_VALUE_OCTETS : values);
  const rows = row === 0 ? Number.POSITIVE_INFINITY : Math.floor((octets - none) / row);
  return Math.max(0, Math.min(rows, largestAnswer(limits)));
}

/** The most rows whose answer fits, whatever it says. */
export function largestAnswer({ answer }: ServiceLimits): number {
  return Math.floor(answer / MAX_ROW_OCTETS) - 1;
}
