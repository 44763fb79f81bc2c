import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One predictor over one set of subjects; NaN stands for a value that is missing. */
export interface CoxProblem {
  readonly times: readonly number[];
  readonly events: readonly number[];
  readonly values: readonly number[];
}

/** What R's `coxph` says of a problem; NaN where it says NA. */
export interface CoxAnswer {
  readonly coef: number;
  readonly se: number;
  readonly robustSe: number;
  readonly z: number;
  readonly p: number;
  readonly iterations: number;
  /** Whether it warned that the coefficient may be infinite, or that it ran out of steps. */
  readonly hasWarned: boolean;
}

const FIGURES = 7;

/**
 * Numbers go both ways as binary doubles: R's parser of decimals does not round correctly. Octets of the input: int32
 * count, then for every problem int32 n and three times float64[n].
 */
const SCRIPT = `
library(survival)
paths <- commandArgs(trailingOnly = TRUE)
input <- file(paths[1], "rb")
output <- file(paths[2], "wb")
count <- readBin(input, "integer", 1, endian = "little")
for (problem in seq_len(count)) {
  n <- readBin(input, "integer", 1, endian = "little")
  time <- readBin(input, "double", n, endian = "little")
  event <- readBin(input, "double", n, endian = "little")
  x <- readBin(input, "double", n, endian = "little")
  x[is.nan(x)] <- NA
  subject <- seq_len(n)
  warned <- 0
  fit <- withCallingHandlers(
    coxph(Surv(time, event) ~ x, ties = "efron", cluster = subject),
    warning = function(w) {
      warned <<- 1
      invokeRestart("muffleWarning")
    }
  )
  row <- summary(fit)$coefficients
  figures <- if (is.na(fit$coefficients)) rep(NaN, 5) else row[1, c("coef", "se(coef)", "robust se", "z", "Pr(>|z|)")]
  writeBin(as.double(c(figures, fit$iter, warned)), output, endian = "little")
}
close(output)
`;

/** Fits every problem with R's package survival: Efron's ties, one cluster a subject. */
export function askR(problems: readonly CoxProblem[]): readonly CoxAnswer[] {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-r-'));
  try {
    const [script, input, output] = ['cox.R', 'problems', 'answers'].map((name) => join(folder, name));
    if (script === undefined || input === undefined || output === undefined) throw new Error('three paths');
    writeFileSync(script, SCRIPT);
    writeFileSync(input, encode(problems));
    const { status, stderr } = spawnSync('Rscript', [script, input, output], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Rscript: ${stderr}`);
    return decode(readFileSync(output), problems.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function encode(problems: readonly CoxProblem[]): Buffer {
  const parts = problems.map(({ times, events, values }) => {
    const part = Buffer.alloc(4 + 24 * times.length);
    part.writeInt32LE(times.length);
    for (const [index, value] of [...times, ...events, ...values].entries()) part.writeDoubleLE(value, 4 + 8 * index);
    return part;
  });
  const head = Buffer.alloc(4);
  head.writeInt32LE(problems.length);
  return Buffer.concat([head, ...parts]);
}

function decode(octets: Buffer, count: number): readonly CoxAnswer[] {
  if (octets.length !== 8 * FIGURES * count)
    throw new Error(`R answered ${octets.length} octets for ${count} problems`);
  return Array.from({ length: count }, (_, problem) => {
    const figure = (index: number): number => octets.readDoubleLE(8 * (FIGURES * problem + index));
    return {
      coef: figure(0),
      se: figure(1),
      robustSe: figure(2),
      z: figure(3),
      p: figure(4),
      iterations: figure(5),
      hasWarned: figure(6) === 1,
    };
  });
}
