// The same fits by R's package `survival`, in a process of R.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './programs.mjs';

const CHECK = 'cat(R.version$major, R.version$minor, sep="."); cat("", as.character(packageVersion("survival")))';

/** `call`: as one calls it, a formula and a summary a gene. `inner`: its inner functions, without all that is made around them. */
const SCRIPT = `
suppressMessages(library(survival))
arguments <- commandArgs(TRUE)
directory <- arguments[1]; n <- as.integer(arguments[2]); genes <- as.integer(arguments[3]); few <- as.integer(arguments[4])
doubles <- function(name, count) {
  file <- file(file.path(directory, name), "rb"); on.exit(close(file)); readBin(file, "double", count)
}
time <- doubles("times", n); event <- doubles("events", n)
x <- matrix(doubles("matrix", n * genes), nrow = n)
seconds <- function(work) { used <- system.time(work); used[["user.self"]] + used[["sys.self"]] }

id <- seq_len(n)
call <- seconds(for (gene in seq_len(few)) {
  value <- x[, gene]
  row <- summary(coxph(Surv(time, event) ~ value + cluster(id)))$coefficients
})

y <- Surv(time, event)
order <- order(time, -event)
sorted <- y[order]; storage.mode(sorted) <- "double"
none <- integer(n); one <- rep(1, n)
control <- coxph.control()
results <- matrix(0, 2, genes)
inner <- seconds(for (gene in seq_len(genes)) {
  value <- x[, gene, drop = FALSE]
  fit <- coxph.fit(value, y, NULL, NULL, NULL, control, NULL, "efron", NULL, resid = FALSE, nocenter = c(-1, 0, 1))
  centred <- value[order] - fit$means
  residuals <- .Call(survival:::Ccoxscore2, sorted, matrix(centred), none, exp(centred * fit$coefficients), one, 1L)
  robust <- sqrt(fit$var[1]^2 * sum(residuals^2))
  results[, gene] <- c(exp(fit$coefficients), fit$coefficients / robust)
})
out <- file(file.path(directory, "results"), "wb"); writeBin(as.vector(results), out); close(out)
cat(call, inner)
`;

/** Versions of R and of the package; undefined where one of them is missing. */
export function versionOfR() {
  const { status, stdout } = spawnSync('Rscript', ['-e', CHECK], { encoding: 'utf8' });
  return status === 0 ? `R ${stdout.replace(' ', ', survival ')}` : undefined;
}

/** CPU seconds of `few` genes by the call and of all by the inner functions; `results` are hazard ratio and z of each. */
export function fitByR({ times, events, matrix, genes, few }) {
  const directory = temporaryDirectory();
  for (const [name, values] of Object.entries({ times, events, matrix })) {
    writeFileSync(join(directory, name), Float64Array.from(values));
  }
  writeFileSync(join(directory, 'fit.R'), SCRIPT);
  const counts = [times.length, genes, few].map(String);
  const { status, stdout, stderr } = spawnSync('Rscript', [join(directory, 'fit.R'), directory, ...counts], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Rscript ended with ${status}:\n${stderr}`);
  const [call, inner] = stdout.trim().split(' ').map(Number);
  return { call, inner, results: readDoubles(join(directory, 'results')) };
}

export function readDoubles(file) {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
