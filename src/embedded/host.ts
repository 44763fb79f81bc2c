import type { ClientRequest } from './attach.ts';
import type { Delivery } from './service.ts';
import type { Transaction } from './store/database.ts';

/** The account as the parts of it that run for a while see it: functions and deliveries. */
export interface Host {
  /** The account's clock, milliseconds since the epoch. */
  now(): number;
  /** How threads read the clock without asking; undefined: they cannot. */
  readonly reading?: ClockReading | undefined;
  /** Lets time pass: the clock moves on, and nothing is struck. */
  elapse(milliseconds: number): void;
  /** Answers an API call of a function, as any client's. */
  answer(request: ClientRequest): Promise<object>;
  /** Reads the state beside any caller. */
  read<Result>(look: (data: Transaction, now: number) => Result): Result;
  /** Changes the state beside any caller and without an event. */
  change<Result>(work: (data: Transaction, now: number) => Result): Result;
  readonly functions: Functions;
}

/** A clock that whoever is told something of it can read by himself. */
export interface ClockReading {
  /** It runs with the real clock. Else it stands, and moves as time is let pass. */
  readonly runs: boolean;
  /** How far it is ahead of the real clock; of one that stands, what it shows. Milliseconds. */
  tell(): number;
}

/** What one invocation of a function came to. */
export interface InvocationResult {
  /** What the function answered, or its error (`errorType`, `errorMessage`), as JSON. */
  readonly payload: string;
  /** Set when the function threw, timed out or ended. */
  readonly functionError?: 'Unhandled';
  readonly requestId: string;
  /** What it wrote into its log, with Lambda's own lines. */
  readonly log: readonly string[];
}

/** Runs what is deployed. */
export interface Functions {
  /**
   * Runs a function now and waits for its end.
   *
   * @param trace of the request, where a function made it (lambda/lineage.ts).
   * @throws service errors for one that does not exist, is throttled or runs in a loop.
   */
  invoke(functionArn: string, payload: string, trace?: string): Promise<InvocationResult>;
  /** Takes an event that is run later: asynchronous invocation. */
  enqueue(functionArn: string, payload: string, requestId: string, trace?: string): void;
  /**
   * Hands over an event as a service does: by the function's own policy, and tried again on failure.
   *
   * @returns whether the function is there and its policy lets the service in.
   */
  deliver(delivery: Delivery): Promise<boolean>;
  /** Ends when no event is waiting or running. */
  settled(): Promise<void>;
  /** The clock was moved: execution environments are told. */
  timePassed(): void;
  /** Ends every execution environment. */
  close(): void;
}
