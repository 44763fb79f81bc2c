/** The account's clock as threads read it, without asking and without waiting. */
export interface SharedTime {
  /** One Float64 by its bits: what `tellTime` was told last. */
  readonly memory: SharedArrayBuffer;
  /** Is that how far the account is ahead of the real clock, in milliseconds? Else it is the reading itself. */
  readonly runs: boolean;
}

const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);
/** The function's code may put another in its place. */
const realNow = Date.now;

export function createSharedTime(runs: boolean): SharedTime {
  return { memory: new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT), runs };
}

export function tellTime({ memory }: SharedTime, told: number): void {
  number[0] = told;
  Atomics.store(new BigInt64Array(memory), 0, bits[0] ?? 0n);
}

/** Milliseconds since the epoch. */
export function readTime({ memory, runs }: SharedTime): number {
  bits[0] = Atomics.load(new BigInt64Array(memory), 0);
  const told = number[0] ?? 0;
  return runs ? realNow() + told : told;
}
