import type { SurvivalRunResult } from '../../src/survival/run-result.ts';

/** Twenty thousand genes by a service, some of which no p is worth anything. @param gene of the first row */
export function survivalRun(gene = 'MKI67'): SurvivalRunResult {
  return {
    format: 'trueup/survival-run@1',
    outcome: 'done',
    document: 'SurvivalService/gene-survival',
    local: false,
    samples: {
      matrix: 1_218,
      clinical: 1_100,
      used: 480,
      events: 26,
      excluded: { withoutClinical: 118, withoutValues: 0, notSelected: 612, withoutOutcome: 8 },
      sameOrder: false,
    },
    rows: 20_530,
    statuses: { ok: 19_877, few_events: 12, constant: 631, no_events: 0, diverged: 9, not_converged: 0, invalid: 1 },
    significant: 14,
    top: [
      { gene, hazard: 2.1530442, ci95: [1.53120001, 3.0274], pval: 1.2e-9, qval: 0.0000239 },
      { gene: 'APOE', hazard: 0.000004, ci95: [0, 12_345.678], pval: 0.00412, qval: 0.0399 },
    ],
    chunks: { done: 22, resumed: 4 },
    retries: 3,
    seconds: 8.4213,
    out: 'results.tsv',
    plot: 'volcano.svg',
    partial: null,
    calls: { ApiGatewayV2: { reads: 1, writes: 0 }, STS: { reads: 1, writes: 0 } },
  };
}

/** Interrupted on this computer, before anything was written. */
export function interruptedSurvivalRun(): SurvivalRunResult {
  const { samples, ...rest } = survivalRun();
  return {
    ...rest,
    outcome: 'interrupted',
    document: null,
    local: true,
    samples: { ...samples, sameOrder: true },
    rows: 8_192,
    statuses: { ok: 8_192, few_events: 0, constant: 0, no_events: 0, diverged: 0, not_converged: 0, invalid: 0 },
    significant: 0,
    top: [],
    chunks: { done: 32, resumed: 0 },
    retries: 0,
    plot: null,
    partial: 'results.tsv.partial',
    calls: {},
  };
}
