import { TsigError, type TsigErrorName } from '../tsig/error.ts';
import { WireError } from '../wire/error.ts';
import type { BudgetName } from './budgets.ts';

export type TransferErrorCode =
  | 'transfer-truncated'
  | 'zone-changed-during-transfer'
  | 'protocol'
  | 'rcode'
  | 'tsig'
  | 'budget'
  | 'connection';

export type TransferStage = 'connect' | 'soa' | 'axfr' | 'ixfr' | 'rrset';

interface FaultDetail {
  readonly rcode?: string | undefined;
  readonly tsigError?: TsigErrorName | undefined;
  readonly budget?: BudgetName | undefined;
  readonly hints?: readonly string[];
}

/** Why an exchange failed, before it is known with whom. `message` is a clause without a full stop. */
export class TransferFault extends Error {
  override readonly name = 'TransferFault';
  readonly code: TransferErrorCode;
  readonly detail: FaultDetail;

  constructor(code: TransferErrorCode, what: string, detail: FaultDetail = {}) {
    super(what);
    this.code = code;
    this.detail = detail;
  }
}

/** What an exchange had cost when it ended. */
export interface TransferCounts {
  messages: number;
  records: number;
  bytes: number;
}

export interface TransferPlace {
  /** What did not arrive, before its name. */
  readonly what: 'Zone' | 'The answer for';
  readonly stage: TransferStage;
  /** `host:port`. */
  readonly primary: string;
  /** Absolute text; for a single RRset the name that was asked for. */
  readonly zone: string;
  readonly seconds: number;
}

/** A zone did not arrive; there is never a part of one. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  readonly code: TransferErrorCode;
  readonly stage: TransferStage;
  /** `host:port`. */
  readonly primary: string;
  /** Absolute text; for a single RRset the name that was asked for. */
  readonly zone: string;
  /** The primary's response code, such as `REFUSED`. */
  readonly rcode: string | undefined;
  readonly tsigError: TsigErrorName | undefined;
  /** The budget that struck. */
  readonly budget: BudgetName | undefined;
  /** What to look at, most likely cause first. */
  readonly hints: readonly string[];
  readonly messages: number;
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;

  constructor(fault: TransferFault, place: TransferPlace, counts: TransferCounts) {
    super(`${place.what} ${place.zone} did not arrive from ${place.primary}: ${fault.message}.`, { cause: fault });
    this.code = fault.code;
    this.stage = place.stage;
    this.primary = place.primary;
    this.zone = place.zone;
    this.rcode = fault.detail.rcode;
    this.tsigError = fault.detail.tsigError;
    this.budget = fault.detail.budget;
    this.hints = fault.detail.hints ?? [];
    this.messages = counts.messages;
    this.records = counts.records;
    this.bytes = counts.bytes;
    this.seconds = place.seconds;
  }
}

/** The connection ended before the answer did. */
export function truncated(): TransferFault {
  return new TransferFault('transfer-truncated', 'the connection ended before the answer did', {
    hints: ['The primary or something in between closed the connection: look at its log and at its transfer limits.'],
  });
}

/** A budget is used up. */
export function overBudget(budget: BudgetName): TransferFault {
  const hint =
    budget === 'out-of-time'
      ? 'Whoever asked had no time left: give the function a longer timeout.'
      : `If the primary is well, raise the budget: --budget ${budget}=VALUE.`;
  return new TransferFault('budget', `the budget "${budget}" is used up`, { budget, hints: [hint] });
}

/** What the layers below throw, as a fault; anything else is our own error and passes. */
export function asFault(error: unknown, rcode?: string): unknown {
  if (error instanceof WireError) {
    return new TransferFault('protocol', `a message is malformed: ${error.message}`, {
      hints: ['Look at the primary, or at what stands between: this is not a DNS message as RFC 1035 has it.'],
    });
  }
  if (error instanceof TsigError) {
    return new TransferFault('tsig', error.message, { tsigError: error.tsigError, rcode, hints: error.hints });
  }
  return error;
}
