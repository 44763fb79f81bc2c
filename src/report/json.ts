import type { ApplyResult, Diagnostic, DriftResult, Effect, Plan, ValidateResult } from '../engine/types.ts';
import { wellFormed } from './escape.ts';
import type { ErrorReport } from './options.ts';

/** A document of the stable interface (docs/reference.md): a format and its fields. */
export interface JsonDocument {
  readonly format: string;
}

/** Effects carry their data beside their code. */
export interface EffectJson {
  readonly document: string;
  readonly code: string;
  readonly [field: string]: unknown;
}

/** Valid in JSON strings, invisible or worse on a terminal: JSON.stringify escapes C0 only. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}]/gu;
const PLAIN_INVISIBLE = /[\n]/u;
