/**
 * What goes wrong with a request.
 * `status:502` nothing was done · `status:502-after` it was done · `drop` the connection is cut, nothing was done ·
 * `drop-after` it was done · `rate-limit` 403, primary limit · `secondary` 403, `secondary:429` the same as 429 ·
 * `slow:MS` answered later · `down` as if nobody listened · `cut` half of an archive is sent.
 */
export type FaultKind =
  | `status:${number}`
  | `status:${number}-after`
  | 'drop'
  | 'drop-after'
  | 'rate-limit'
  | 'secondary'
  | 'secondary:429'
  | `slow:${number}`
  | 'down'
  | 'cut';

export interface Fault {
  readonly method?: string;
  /** Held against path and query. */
  readonly path: RegExp;
  /** The first matching request that it strikes, from 1; default 1. */
  readonly nth?: number;
  /** How many from there on; default 1, of `down` all. */
  readonly times?: number;
  readonly fault: FaultKind;
  /** Seconds that a limit asks to wait; default 1. */
  readonly retryAfter?: number;
}

export interface Strike {
  readonly kind: FaultKind;
  readonly retryAfter: number;
}

/** Counts matching requests by fault, so that a test may add and remove faults while it runs. */
export function faultCounter(faults: readonly Fault[]): (method: string, path: string) => Strike | undefined {
  const seen = new WeakMap<Fault, number>();
  return (method, path) => {
    let strike: Strike | undefined;
    for (const fault of faults) {
      if ((fault.method ?? method) !== method || !fault.path.test(path)) continue;
      const count = (seen.get(fault) ?? 0) + 1;
      seen.set(fault, count);
      const first = fault.nth ?? 1;
      const times = fault.times ?? (fault.fault === 'down' ? Infinity : 1);
      if (count >= first && count < first + times) strike ??= { kind: fault.fault, retryAfter: fault.retryAfter ?? 1 };
    }
    return strike;
  };
}
