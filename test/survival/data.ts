import { readFileSync } from 'node:fs';
import type { SurvivalStatistics } from '../../src/survival/index.ts';
import { fitCox } from '../../src/survival/index.ts';

/** Published data: Cox regressions of a genomics platform, with the figures that R's `survival` gave it. */
export interface PublishedSet {
  readonly times: readonly number[];
  readonly events: readonly number[];
  readonly values_by_record: readonly (readonly number[])[];
  readonly expected: readonly { readonly hazard: number; readonly pval: number }[];
}

/** Figures of R; text where it had no number. */
type Figure = number | 'NA' | 'NaN' | 'Inf' | '-Inf' | null;

export interface EdgeCase {
  readonly name: string;
  readonly times: readonly number[];
  readonly events: readonly number[];
  readonly values: readonly (number | null | 'Inf' | '-Inf')[];
  readonly R: {
    readonly coxph: {
      readonly n: number;
      readonly nevent: number;
      readonly coef: Figure;
      readonly exp_coef: Figure;
      readonly se_naive: Figure;
      readonly se_robust: Figure;
      readonly z: Figure;
      readonly p: Figure;
      readonly iter: number;
    } | null;
  };
}

export interface EdgeCases {
  readonly cases: readonly EdgeCase[];
  readonly pvalues: readonly { readonly z: Figure; readonly pchisq_upper: Figure; readonly log_p: Figure }[];
}

export function readPublished(name: 'published-unit' | 'published-breast-cancer'): PublishedSet {
  return readJson(name) as PublishedSet;
}

export function readEdgeCases(): EdgeCases {
  return readJson('edge-cases') as EdgeCases;
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../data/survival/${name}.json`, import.meta.url), 'utf8'));
}

/** |actual / expected − 1|, 0 for two equal numbers of any kind. */
export function relativeError(actual: number | null, expected: number): number {
  if (actual === expected) return 0;
  return Math.abs((actual ?? Number.NaN) / expected - 1);
}

/** One row's statistics. */
export function fitRow(
  times: ArrayLike<number>,
  events: ArrayLike<number>,
  values: ArrayLike<number | null>,
  minEvents = 0,
): SurvivalStatistics {
  return fitCox({ times, events, values: [values], minEvents })[0]!;
}
