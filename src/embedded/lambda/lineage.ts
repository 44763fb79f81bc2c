import { createHash, randomBytes } from 'node:crypto';

/**
 * How Lambda finds functions that run in a loop (Developer Guide, "Use Lambda recursive loop detection to prevent
 * infinite loops"): the X-Ray trace header of an invocation counts in `Lineage` how often each function was invoked
 * "as part of the same chain of requests"; SDKs hand on what stands in `_X_AMZN_TRACE_ID`. A function that invokes
 * itself, synchronously or as an event, is counted: AWS's blog on it names SQS, SNS "or when invoking functions
 * directly using the Lambda invoke API". After 16 invocations the next one is stopped, unless the function's recursion
 * configuration allows it. The form of the header is not documented; this one is ours.
 */
export const MAX_CHAIN = 16;

const LINEAGE = /(?:^|;)Lineage=([^;]*)/;
const ENTRY = /^([0-9a-f]{8}):(\d{1,6})$/;

/** An invocation in its chain of requests. */
export interface Link {
  /** What the function finds in `_X_AMZN_TRACE_ID`. */
  readonly header: string;
  /** How often the function was invoked in this chain, this time included. */
  readonly count: number;
}

/** The invocation of a function by a request with this header; undefined: by one that no function made. */
export function nextLink(parent: string | undefined, functionArn: string, now: number): Link {
  const counts = countsOf(parent);
  const id = createHash('sha256').update(functionArn).digest('hex').slice(0, 8);
  const count = (counts.get(id) ?? 0) + 1;
  const lineage = [...counts.set(id, count)].map(([key, value]) => `${key}:${value}`).join('|');
  const root = /(?:^|;)(Root=[0-9a-f-]+)/.exec(parent ?? '')?.[1] ?? newRoot(now);
  return { header: `${root};Parent=${randomBytes(8).toString('hex')};Sampled=0;Lineage=${lineage}`, count };
}

function countsOf(header: string | undefined): Map<string, number> {
  const entries = LINEAGE.exec(header ?? '')?.[1]?.split('|') ?? [];
  return new Map(
    entries.flatMap((entry): [string, number][] => {
      const [, id, count] = ENTRY.exec(entry) ?? [];
      return id === undefined ? [] : [[id, Number(count)]];
    }),
  );
}

/** X-Ray Developer Guide, "Tracing header": version, seconds and 96 random bits. */
function newRoot(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}
