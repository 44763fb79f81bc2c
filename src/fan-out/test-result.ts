import type { UnseenDestination } from './verify-result.ts';

export interface ProbeArrival {
  readonly destination: string;
  /** At the destination. */
  readonly key: string;
  readonly arrived: boolean;
  /** From the put until it was seen there; only where it arrived. */
  readonly seconds?: number;
  /** Why it did not arrive, as far as ledger, queues and function tell. */
  readonly why?: string;
}

/** Something of the probe that could not be taken away. */
export interface ProbeLeft {
  readonly bucket: string;
  readonly key: string;
  readonly why: string;
}

/** `trueup/fan-out-test@1`. */
export interface FanOutTestResult {
  readonly format: 'trueup/fan-out-test@1';
  /** `kind/name`. */
  readonly document: string;
  /** It arrived everywhere, and nothing is left of it. */
  readonly ok: boolean;
  /** Of the source. */
  readonly key: string;
  readonly destinations: readonly ProbeArrival[];
  readonly left: readonly ProbeLeft[];
  /** Those that could not be looked at, also of those not asked for: whether the probe is there, nobody knows. */
  readonly unseen: readonly UnseenDestination[];
  readonly interrupted: boolean;
  /** By service. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
}
