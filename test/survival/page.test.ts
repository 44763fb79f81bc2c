import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allocateColumns, createRowFitter } from '../../src/survival/fit-rows.ts';
import { fitCox } from '../../src/survival/index.ts';
import { pTwoSided } from '../../src/survival/p-value.ts';
import { prepareSubjects } from '../../src/survival/subjects.ts';
import { ROOT } from '../support/cli-process.ts';

const PAGE = readFileSync(join(ROOT, 'docs/kinds/survival-service.md'), 'utf8');

const BENCH = String(new URL('../../bench/support/survival-data.mjs', import.meta.url));

/** The predictors of pure noise by which the fit is measured. */
interface SurvivalData {
  readonly GENES: number;
  readonly readPatients: () => { readonly times: readonly number[]; readonly events: readonly number[] };
  readonly fillMatrix: (matrix: Float64Array) => Float64Array;
}

function parsed(pattern: RegExp): unknown {
  return JSON.parse(pattern.exec(PAGE)?.[1] ?? 'null');
}

describe('docs/kinds/survival-service.md', () => {
  it('shows the answer to the request that it shows', () => {
    const {
      times,
      events,
      values_by_record: values,
    } = parsed(/echo '([^']+)' \| trueup survival fit/) as {
      readonly times: number[];
      readonly events: number[];
      readonly values_by_record: number[][];
    };
    const shown = parsed(/```json\n(\{ "statistics_list": [^`]+)```/);
    const rounded = (_: string, value: unknown): unknown =>
      typeof value === 'number' ? Number(value.toFixed(4)) : value;
    const answer: unknown = JSON.parse(JSON.stringify({ statistics_list: fitCox({ times, events, values }) }, rounded));

    expect(shown).toEqual(answer);
  });

  it('counts how often p is small though nothing is true, as it is', async () => {
    const { GENES, readPatients, fillMatrix } = (await import(BENCH)) as SurvivalData;
    const { times, events } = readPatients();
    const matrix = fillMatrix(new Float64Array(GENES * times.length));
    const columns = allocateColumns(GENES);
    const fitter = createRowFitter(prepareSubjects(times, events));
    for (let row = 0; row < GENES; row += 1) fitter.fit(matrix, row * times.length, columns, row);
    const byModel = columns.coef.map((coef, row) => pTwoSided(coef / (columns.se[row] ?? NaN)));
    const share = (p: Float64Array): string => `${Math.round((1e4 * below(p, 0.05)) / GENES) / 100} %`;

    expect(PAGE).toContain(`| p < 0.05 | ${share(columns.pval)} | ${share(byModel)} | 5 % |`);
    expect(PAGE).toContain(
      `| p < 0.001 | ${below(columns.pval, 0.001)} rows | ${below(byModel, 0.001)} rows | 20 rows |`,
    );
  });
});

function below(p: Float64Array, limit: number): number {
  return p.filter((each) => each < limit).length;
}
