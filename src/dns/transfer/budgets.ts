/** What a transfer may cost. Every one can be set; an error names the one that struck. */
export interface Budgets {
  /** Milliseconds until the TCP connection stands. */
  readonly connect: number;
  /** Milliseconds from the query to the first octet of the answer. */
  readonly firstByte: number;
  /** Milliseconds between two arrivals. */
  readonly idle: number;
  /** Octets a second, averaged over each `minRateWindow`. */
  readonly minRate: number;
  /** Milliseconds. */
  readonly minRateWindow: number;
  /** Milliseconds for the whole, retries included. */
  readonly total: number;
  /** Octets of one attempt, framing included. */
  readonly bytes: number;
  /** Records of one attempt. */
  readonly records: number;
}

/** `out-of-time` is no budget of its own: the time that the caller has left, where that ends before `total`. */
export type BudgetName = 'connect' | 'first-byte' | 'idle' | 'min-rate' | 'total' | 'out-of-time' | 'bytes' | 'records';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MEBIBYTE = 1024 * 1024;

/**
 * After what servers and their users met: BIND allows 60 minutes of silence, PowerDNS 10 s in all, which large zones
 * and slow links broke (PowerDNS issue 8271); an idle timer alone is defeated by one octet at a time.
 */
export const DEFAULT_BUDGETS: Budgets = {
  connect: 10 * SECOND,
  firstByte: MINUTE,
  idle: MINUTE,
  minRate: 1024,
  minRateWindow: MINUTE,
  total: 30 * MINUTE,
  bytes: 256 * MEBIBYTE,
  records: 2_000_000,
};

type TimeBudget = Exclude<BudgetName, 'bytes' | 'records'>;

export interface Alarm {
  readonly name: TimeBudget;
  /** Reading of the monotonic clock. */
  readonly at: number;
}

/** The time budgets of one connection. It is told what happens and says which budget is used up; it has no timer. */
export class BudgetWatch {
  readonly #budgets: Budgets;
  readonly #end: Alarm;
  #waiting: Alarm;
  #window: { end: number; octets: number } | undefined;

  /** @param end when there is no time left for the whole. */
  constructor(budgets: Budgets, now: number, end: Alarm) {
    this.#budgets = budgets;
    this.#end = end;
    this.#waiting = { name: 'connect', at: now + budgets.connect };
  }

  connected(now: number): void {
    this.#waiting = { name: 'first-byte', at: now + this.#budgets.firstByte };
  }

  received(octets: number, now: number): void {
    this.#waiting = { name: 'idle', at: now + this.#budgets.idle };
    this.#window ??= { end: now + this.#budgets.minRateWindow, octets: 0 };
    this.#window.octets += octets;
  }

  /** The budget that is used up. Starts the next window of the minimum rate when one has passed well. */
  struck(now: number): TimeBudget | undefined {
    if (now >= this.#end.at) return this.#end.name;
    if (now >= this.#waiting.at) return this.#waiting.name;
    if (this.#window === undefined || now < this.#window.end) return undefined;
    const { minRate, minRateWindow } = this.#budgets;
    if (this.#window.octets * 1000 < minRate * minRateWindow) return 'min-rate';
    this.#window = { end: now + minRateWindow, octets: 0 };
    return undefined;
  }

  /** When to ask again, by the clock that `now` is read from. */
  nextCheck(): number {
    return Math.min(this.#end.at, this.#waiting.at, this.#window?.end ?? Infinity);
  }
}
