/** A dead letter that stays. */
export interface KeptLetter {
  readonly destination: string;
  /** Message id of SQS. */
  readonly message: string;
  /** When it was sent, ISO 8601. */
  readonly sent: string;
  /** Of the source, as far as it tells. */
  readonly keys: readonly string[];
  /**
   * `failed`: the function failed again. `refused`: it is not of this fan-out's source and topic. `unreadable`: no dead
   * letter looks so. `elsewhere`: another invocation is at what it tells of.
   */
  readonly outcome: 'failed' | 'refused' | 'unreadable' | 'elsewhere';
  readonly reason: string;
}

export interface RedrivenDestination {
  readonly destination: string;
  readonly redriven: number;
  readonly failed: number;
  /** Messages that came while it ran, by SQS's clock: they are there still. */
  readonly came: number;
  /** Out of sight at its end, approximately: another run has them, or had. */
  readonly hidden: number;
  /** What became of the records and items of those that were redriven. */
  readonly counts: Readonly<Record<string, number>>;
}

/** `trueup/fan-out-redrive@1`. */
export interface FanOutRedriveResult {
  readonly format: 'trueup/fan-out-redrive@1';
  /** `kind/name`. */
  readonly document: string;
  /** No dead letter is left. */
  readonly ok: boolean;
  readonly redriven: number;
  readonly failed: readonly KeptLetter[];
  /** Messages that are still in the queues. */
  readonly left: number;
  /** Seconds until those come back that are out of sight. */
  readonly hiddenSeconds: number;
  readonly interrupted: boolean;
  readonly destinations: readonly RedrivenDestination[];
  /** By service. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
}
